import { type GivenEvent, ShopperEvent } from '../../../shared/event.ts';

/** One of the hub's names, or of the shop's own. */
export type GivenName = GivenEvent['name'] | (string & {});
export type GivenItem = { item_id: string } & Record<string, string | number>;
export type GivenCart = GivenEvent['cart'];

/** An event as the hub has it after its checks. */
export function eventOf(given: {
  id: string;
  name: GivenName;
  params?: object;
  rev?: number;
  cart?: GivenCart;
}): ShopperEvent {
  return ShopperEvent.parse({ at: 0, params: {}, ...given });
}

/** `mug`, or `mug x3`, at 10 apiece unless told. */
export function items(...texts: string[]): GivenItem[] {
  return texts.map((text) => {
    const [id = '', times = '1'] = text.split(' x');
    return { item_id: id, price: 10, quantity: Number(times) };
  });
}
