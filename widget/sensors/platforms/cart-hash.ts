import type { CartSnapshot } from '../../../shared/event.ts';

/** The same for two carts that hold the same, in whatever order. Two lanes of 32 bits: told apart are all that ever meet. */
export function hashOf({ items, currency = '' }: CartSnapshot): string {
  const lines = items.map(({ item_id, item_variant = '', quantity = 1, price = 0 }) =>
    JSON.stringify([item_id, item_variant, quantity, price]),
  );
  let [fnv, djb] = [0x811c9dc5, 5381];
  for (const character of [currency, ...lines.toSorted()].join('\n')) {
    const code = character.codePointAt(0) ?? 0;
    fnv = Math.imul(fnv ^ code, 0x01000193);
    djb = Math.imul(djb, 33) ^ code;
  }
  return `${(fnv >>> 0).toString(36)}-${(djb >>> 0).toString(36)}`;
}
