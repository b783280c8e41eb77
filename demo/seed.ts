import { randomBytes } from 'node:crypto';
import { randomFrom, type Random } from '../server/core/random.ts';
import { products } from './shop/catalogue.ts';
import type { HubApi } from './hub-api.ts';

/** What this shop's customers like to have together. */
const TASTES = [
  ['mug', 'teapot', 'bowls', 'tea-towel', 'board'],
  ['plate', 'bowls', 'carafe', 'board', 'apron'],
  ['blanket', 'cushion', 'candle', 'table-lamp', 'rug'],
  ['candle', 'candlestick', 'matches', 'incense'],
  ['plant', 'vase', 'watering-can', 'basket'],
  ['towel', 'soap', 'basket', 'candle'],
  ['pendant-lamp', 'table-lamp', 'clock', 'rug'],
];
const SHOPPERS = 240;
const ONE_IN_BUYS = 3;
const SEED = [2026, 11, 22, 1] as const;

/** A day of shoppers, reported as a shop's server would, so that recommendations have something to go by. */
export async function seedHistory(hub: HubApi): Promise<void> {
  const random = randomFrom(SEED);
  const below = (most: number) => random.uint32() % most;
  for (let count = 0; count < SHOPPERS; count++) {
    const taste = TASTES[below(TASTES.length)] ?? [];
    const wanted = taste.filter(() => below(3) > 0);
    const strays = products.filter(() => below(30) === 0).map(({ item_id }) => item_id);
    await hub.post('/v1/events', {
      shopper: randomBytes(16).toString('base64url'),
      events: visit([...wanted, ...strays], random),
    });
  }
}

function visit(wanted: readonly string[], random: Random): object[] {
  const items = wanted.flatMap((id) =>
    products.filter((product) => product.item_id === id && product.stock > 0),
  );
  const [first] = items;
  const views = items.map((product) => event('view_item', [product]));
  if (!first) return [event('page_view', [])];
  const basket = items.slice(0, 1 + (random.uint32() % items.length));
  const adds = basket.map((product) => event('add_to_cart', [product]));
  const buys = random.uint32() % ONE_IN_BUYS === 0;
  return [...views, ...adds, event(buys ? 'purchase' : 'remove_from_cart', basket)];
}

function event(name: string, items: readonly { item_id: string; price: number }[]): object {
  const list = items.map(({ item_id, price }) => ({ item_id, price, quantity: 1 }));
  const id = randomBytes(12).toString('hex');
  const order = name === 'purchase' ? { transaction_id: `seed-${id}` } : {};
  return {
    id,
    name,
    at: Date.now(),
    params: name === 'page_view' ? {} : { currency: 'EUR', items: list, ...order },
  };
}
