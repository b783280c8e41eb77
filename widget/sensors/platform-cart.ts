import type { SeenEvent } from '../event-queue.ts';
import type { PageStorage } from '../page-storage.ts';
import { capture, captureCart } from './captured-events.ts';
import type { FollowedCart } from './platforms/followed-cart.ts';
import type { Platform } from './platforms/platform.ts';

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
  let cart: Promise<FollowedCart | null> | null = null;

  const follow = async (load: () => Promise<Platform>): Promise<FollowedCart | null> => {
    try {
      const [{ FollowedCart: Followed }, platform] = await Promise.all([
        import('./platforms/followed-cart.ts'),
        load(),
      ]);
      const seen = (name: string, params: object) => report(capture(name, params));
      const followed = new Followed({ platform, checked: captureCart, storage, key, report, seen });
      await followed.start();
      return followed;
    } catch (error) {
      console.debug('Cartbell can not follow the cart.', error);
      return null;
    }
  };
  const medusaBy = (tag: HTMLElement | null) => () =>
    import('./platforms/medusa.ts').then(({ medusa }) => medusa(tag, given));

  const load = platformHere(medusaBy);
  if (load) cart = follow(load);
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
      else cart = follow(medusaBy(null));
    },
    hasItems: () => cart !== null && /"items":\[\{/.test(storage.get(key) ?? ''),
  };
}

/** Told by what each platform leaves on every page of its shops. */
function platformHere(
  medusaBy: (tag: HTMLElement) => () => Promise<Platform>,
): (() => Promise<Platform>) | null {
  const page = window as Window & { Shopify?: unknown; wc?: unknown };
  if (page.Shopify) return () => import('./platforms/shopify.ts').then(({ shopify }) => shopify());
  if (page.wc || /\bwoocommerce/.test(document.body.className))
    return () => import('./platforms/woocommerce.ts').then(({ woocommerce }) => woocommerce());
  const tag = document.querySelector<HTMLElement>('[data-medusa]');
  return tag && medusaBy(tag);
}
