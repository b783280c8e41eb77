import type { PairModel } from '../../server/learning/pair-model.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import { ShopperId, type SiteId } from '../../shared/ids.ts';

/** Feeds groups of items to the model by the door it has in the product: log records, folded and absorbed. */
export function learn(
  model: PairModel,
  site: SiteId,
  how: 'viewed' | 'bought',
  groups: readonly (readonly string[])[],
): void {
  const changes = new Map<string, number>();
  for (const group of groups) {
    for (const [key, change] of model.changesOf(recordOf(site, how, [...new Set(group)]))) {
      changes.set(key, (changes.get(key) ?? 0) + change);
    }
  }
  model.absorb(changes);
}

function recordOf(site: SiteId, how: 'viewed' | 'bought', items: readonly string[]): LogRecord {
  const together = items.map((item, place) => ({ how, item, with: items.slice(place + 1) }));
  const shopper = ShopperId.parse('x'.repeat(22));
  return { at: 0, site, shopper, version: 1, seed: [0, 0, 0, 0], input: { kind: 'clock' }, together };
}
