import { setTimeout as wait } from 'node:timers/promises';
import { ReplayedShopper } from './replayed-shopper.ts';
import type { LoggedEvent } from './shop-log.ts';

export interface Played {
  readonly shoppers: number;
  readonly acked: number;
  readonly sentTwice: number;
  readonly duplicates: number;
  readonly nudges: number;
}

const MOST_UNDER_WAY = 500;
/** A shopper with nothing to do for so long, by the log's clock, leaves the shop. */
const LEAVES_AFTER_MS = 30 * 60_000;
const SENT_TWICE_ONE_IN = 10;

/** Plays a log to a hub, `speed` times as fast as it happened. Resolves when every event is acked. */
export async function playLog(
  events: readonly LoggedEvent[],
  to: { readonly hub: string; readonly site: string; readonly speed: number },
  progress: (done: number) => void,
): Promise<Played> {
  const open = new Map<string, { shopper: ReplayedShopper; left: LoggedEvent[] }>();
  const remaining = groupByShopper(events);
  const played = { shoppers: remaining.size, acked: 0, sentTwice: 0, duplicates: 0, nudges: 0 };
  const underWay = new Set<Promise<void>>();
  const started = performance.now();
  const first = events[0]?.at ?? 0;

  const play = async (event: LoggedEvent, twice: boolean) => {
    const { shopper, left } = visit(open, remaining, event.shopper, to);
    left.shift();
    const duplicates = await shopper.play(event, twice);
    played.duplicates += duplicates;
    progress(++played.acked);
    const [next] = left;
    if (next && next.at - event.at < LEAVES_AFTER_MS) return;
    open.delete(event.shopper);
    await shopper.close();
    played.nudges += shopper.nudges;
  };

  for (const [index, event] of events.entries()) {
    const early = (event.at - first) / to.speed - (performance.now() - started);
    if (early > 1) await wait(early);
    if (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
    const twice = index % SENT_TWICE_ONE_IN === 0;
    if (twice) played.sentTwice++;
    const playing = play(event, twice).finally(() => underWay.delete(playing));
    underWay.add(playing);
  }
  await Promise.all(underWay);
  return played;
}

function groupByShopper(events: readonly LoggedEvent[]): Map<string, LoggedEvent[]> {
  const groups = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const group = groups.get(event.shopper);
    if (group) group.push(event);
    else groups.set(event.shopper, [event]);
  }
  return groups;
}

function visit(
  open: Map<string, { shopper: ReplayedShopper; left: LoggedEvent[] }>,
  remaining: ReadonlyMap<string, LoggedEvent[]>,
  name: string,
  { hub, site }: { readonly hub: string; readonly site: string },
) {
  const known = open.get(name) ?? {
    shopper: new ReplayedShopper(hub, site),
    left: remaining.get(name) ?? [],
  };
  open.set(name, known);
  return known;
}
