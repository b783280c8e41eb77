import type { Engine } from '../../server/engine/engine.ts';
import type { Store } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';

/** A shopper whom nobody pretends to be: their record has to stay as it was. */
export const INNOCENT = { site: SiteId.parse('test'), shopper: ShopperId.parse('an-innocent-shopper-01') };

export async function letInnocentShop(engine: Engine): Promise<void> {
  const params = { items: [{ item_id: 'bowl', price: 5, quantity: 1 }] };
  const event = { id: 'innocent-1', name: 'view_item' as const, at: 0, rev: 1, params };
  await engine.submit(INNOCENT, [{ kind: 'event', source: 'page', event }]);
}

/** Their record as it is stored, in one line. */
export async function recordOfInnocent(store: Store): Promise<string> {
  return JSON.stringify((await store.load(INNOCENT, [], 'stored')).document);
}
