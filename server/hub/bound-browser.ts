import { placeOf } from '../core/bindings.ts';
import type { Binding } from '../core/shopper.ts';
import type { Engine } from '../engine/engine.ts';
import type { ShopperEvent } from '../../shared/event.ts';
import type { SiteId } from '../../shared/ids.ts';

/** The clocks of hub and store, and the time that a message takes. */
const SLACK_MS = 60_000;
const NONE: ReadonlySet<string> = new Set();

/** What a browser has to tell, as its shopper is known now. */
export interface Heard {
  readonly events: readonly ShopperEvent[];
  /** How many were counted already, for whom the shopper was before they became known. */
  readonly duplicates: number;
}

/**
 * What a browser tells that was bound to a shopper: what it had counted before has its place behind what others had told by then,
 * and what was counted for the anonymous shopper of that browser, as its ack was lost, is not counted again. `sentAt`: by the clock of
 * the events; where it is not known each may have been.
 */
export async function hearBound(
  engine: Engine,
  site: SiteId,
  binding: Binding | undefined,
  given: readonly ShopperEvent[],
  sentAt: number | undefined,
): Promise<Heard> {
  if (!binding) return { events: given, duplicates: 0 };
  const { from: shopper, at } = binding;
  const wasBefore = (event: ShopperEvent) =>
    sentAt === undefined || Date.now() - Math.max(sentAt - event.at, 0) <= at + SLACK_MS;
  const before = shopper === undefined ? [] : given.filter(wasBefore).map(({ id }) => id);
  const known = shopper === undefined ? NONE : await engine.countedFor({ site, shopper }, before);
  const fresh = known.size === 0 ? given : given.filter(({ id }) => !known.has(id));
  return { events: fresh.map((event) => inPlace(event, binding)), duplicates: known.size };
}

function inPlace(event: ShopperEvent, binding: Binding): ShopperEvent {
  const rev = event.rev === undefined ? undefined : placeOf(binding, event.rev);
  return rev === undefined || rev === event.rev ? event : { ...event, rev };
}
