import type { Nudge } from '../shared/nudge.ts';

type Item = NonNullable<Nudge['items']>[number];

/** How the shop itself puts an item into its cart, once it has said so by `cartbell('onAdd', …)`. */
export const shopCart: { add: ((item: Item) => unknown) | null } = { add: null };
