import type { SeenEvent } from '../event-queue.ts';
import type { PageStorage } from '../page-storage.ts';
import type { FollowedCart } from './platforms/followed-cart.ts';
import type { PlatformPage } from './platforms/follow-platform.ts';

/** What a platform's own cart says better than the page. `purchase` passes, and tells that the cart is no more. */
const ABOUT_CART: readonly string[] = ['add_to_cart', 'remove_from_cart', 'view_cart', 'purchase'];

export interface PlatformCartSense {
  /** Something that the shop reports. `pass` sends it on; a platform's cart may make that needless. */
  hear(name: string, pass: () => void): void;
  /** A cart of Medusa's that the shop hands over. */
  give(cart: unknown): void;
  /** Whether something was in it when it was last told. */
  hasItems(): boolean;
}

/** Follows the cart of the platform that the shop runs on. On any other page it loads nothing and lets all pass. */
export function sensePlatformCart(
  storage: PageStorage,
  key: string,
  report: (seen: SeenEvent | null) => void,
): PlatformCartSense {
  const given = { cart: undefined as unknown };
  const follow = async (): Promise<FollowedCart | null> => {
    try {
      const { followPlatform } = await import('./platforms/follow-platform.ts');
      return await followPlatform({ storage, key, given, report });
    } catch (error) {
      console.debug('Cartbell:', error);
      return null;
    }
  };
  let cart = isOfPlatform() ? follow() : null;
  return {
    hear(name, pass) {
      if (!cart || !ABOUT_CART.includes(name)) return pass();
      if (name === 'purchase') pass();
      void cart.then((followed) => {
        if (followed) followed.hear(name, pass);
        else if (name !== 'purchase') pass();
      });
    },
    give(whole) {
      given.cart = whole;
      if (cart) void cart.then((followed) => followed?.look(true));
      else cart = follow();
    },
    hasItems: () => cart !== null && /"items":\[\{/.test(storage.get(key) ?? ''),
  };
}

/** Told by what each platform leaves on every page of its shops. */
function isOfPlatform(): boolean {
  const { Shopify, wc } = window as PlatformPage;
  const isWooCommerce = wc || /\bwoocommerce/.test(document.body.className);
  return Boolean(Shopify || isWooCommerce || document.querySelector('[data-medusa]'));
}
