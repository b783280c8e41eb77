import type { SiteId } from '../../shared/ids.ts';
import type { Store } from '../store/store.ts';
import type { Engine } from './engine.ts';

/** What became of a call for all in a segment. `considered`: who was in it. */
export interface Called {
  readonly considered: number;
  readonly fired: number;
}

const AT_ONCE = 200;

/** Asks every shopper of the site, a few at a time, so that what else the hub does goes on meanwhile. */
export async function callSegment(
  store: Store,
  engine: Engine,
  site: SiteId,
  { rule, segment }: { rule: string; segment: string },
): Promise<Called> {
  let considered = 0;
  let fired = 0;
  let after = '';
  for (;;) {
    const shoppers = await store.readShoppers(site, after, AT_ONCE);
    const outcomes = await Promise.all(
      shoppers.map((shopper) => engine.submit({ site, shopper }, [{ kind: 'call', rule, segment }])),
    );
    for (const { answer } of outcomes) {
      if (answer.kind !== 'call' || answer.reason === null) continue;
      considered++;
      if (answer.reason.result === 'fired') fired++;
    }
    const last = shoppers.at(-1);
    if (last === undefined || shoppers.length < AT_ONCE) return { considered, fired };
    after = last;
  }
}
