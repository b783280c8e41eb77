import type { ShopperEvent } from '../../shared/event.ts';
import type { Place, Shopper } from './shopper.ts';

/** Shops report the page and the cart on it one right after the other, in either order. */
const SAME_PAGE_MS = 2_000;

/** Where an event leaves the shopper: on the cart page, at a step of the checkout, or somewhere else. */
export function placeAfterEvent({ place }: Shopper, event: ShopperEvent, now: number): Place | null {
  switch (event.name) {
    case 'view_cart':
      return place?.on === 'cart' ? place : { on: 'cart', since: now };
    case 'begin_checkout':
    case 'add_shipping_info':
    case 'add_payment_info':
      return place?.on === 'checkout' && place.step === event.name
        ? place
        : { on: 'checkout', step: event.name, since: now };
    case 'page_view':
      // The pages of a checkout report no more than that they were opened.
      return place?.on === 'cart' && now - place.since > SAME_PAGE_MS ? null : place;
    case 'purchase':
    case 'view_item':
    case 'view_item_list':
    case 'select_item':
    case 'search':
      return null;
    default:
      return place;
  }
}
