import { createHash } from 'node:crypto';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import type { ShopperKey } from './store.ts';

declare const shopperName: unique symbol;

/**
 * One text for a site and a shopper of it, for maps and for keys of a store. Made here alone: whoever wants one needs the
 * site, and two sites' shoppers can never be taken for each other, as a site's id has no slash.
 */
export type ShopperName = string & { readonly [shopperName]: true };

export function nameOfShopper({ site, shopper }: ShopperKey): ShopperName {
  return `${site}/${shopper}` as ShopperName;
}

export function keyOfName(name: string): ShopperKey {
  const slash = name.indexOf('/');
  return { site: name.slice(0, slash) as SiteId, shopper: name.slice(slash + 1) as ShopperId };
}

/** What stays of a shopper who was erased: whether an id is theirs can be told, what it is can't. */
export function erasureMark(name: ShopperName): string {
  return createHash('sha256').update(name).digest('base64url');
}
