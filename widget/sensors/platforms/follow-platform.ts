import type { SeenEvent } from '../../event-queue.ts';
import type { PageStorage } from '../../page-storage.ts';
import { capture, captureCart } from '../captured-events.ts';
import { FollowedCart } from './followed-cart.ts';
import type { Platform } from './platform.ts';

export interface PlatformShop {
  readonly storage: PageStorage;
  readonly key: string;
  /** What the shop handed over last, if it does. */
  readonly given: { readonly cart: unknown };
  report(seen: SeenEvent | null): void;
}

export interface PlatformPage {
  readonly Shopify?: unknown;
  readonly wc?: unknown;
}

/** Follows the cart of the platform that this page is of. */
export async function followPlatform({ storage, key, given, report }: PlatformShop): Promise<FollowedCart> {
  const platform = await platformHere(given, storage);
  const seen = (name: string, params: object) => report(capture(name, params));
  const followed = new FollowedCart({ platform, checked: captureCart, storage, key, report, seen });
  await followed.start();
  return followed;
}

async function platformHere(given: PlatformShop['given'], device: PageStorage): Promise<Platform> {
  const page = window as PlatformPage;
  if (page.Shopify) return (await import('./shopify.ts')).shopify();
  const tag = document.querySelector<HTMLElement>('[data-medusa]');
  if (tag || given.cart) return (await import('./medusa.ts')).medusa(tag, given, device);
  return (await import('./woocommerce.ts')).woocommerce();
}
