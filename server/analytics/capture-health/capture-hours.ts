import { nameOf } from '../../core/inputs.ts';
import type { SiteId } from '../../../shared/ids.ts';
import type { LogRecord } from '../../store/log-record.ts';
import type { RememberedFold } from '../fold.ts';

const HOUR_MS = 3_600_000;
/** Eight days, the hour that is under way included: a whole week, and a day that is compared with it. */
const KEPT_HOURS = 192;
/** Over all sites. Past it the oldest hours go, on every site, and what is judged rests on fewer. */
const MOST_SUMS = 150_000;

/** What the pages of a site told in an hour. */
export interface CaptureHour {
  /** When it began. */
  readonly at: number;
  /** How often each event came. */
  readonly told: ReadonlyMap<string, number>;
  /** How many events had each fault, by `event\nfault`. */
  readonly faults: ReadonlyMap<string, number>;
  /** Purchases of which the shop's server told. */
  readonly serverPurchases: number;
}

type Counts = Map<string, number>;
type Group = 'told' | 'faults' | 'server';

interface KeptHour {
  readonly sites: Map<string, Record<Group, Counts>>;
  size: number;
}

/**
 * How often the events of a site came in each of the last hours, and what was wrong with them, by the store's clock. The names
 * of a shop's own events are those that its site file declares, or it would not have got into the log: so their number is bounded.
 */
export class CaptureHours implements RememberedFold {
  readonly name: string = 'capture';
  readonly #hours = new Map<number, KeptHour>();
  readonly #mostSums: number;
  /** All before it went. */
  #first = 0;

  constructor(mostSums = MOST_SUMS) {
    this.#mostSums = mostSums;
  }

  *changesOf({ at, site, input, faults }: LogRecord): Iterable<readonly [string, number]> {
    if (input.kind !== 'event') return;
    const { event, source } = input;
    const start = `${keyOf(hourOf(at))}\n${site}\n`;
    if (source === 'server') {
      if (event.name === 'purchase') yield [`${start}server\npurchase`, 1];
      return;
    }
    // What the widget threw away has not come, and is a fault of the event that it would have been.
    const name = event.name === 'capture_fault' ? event.params.event : nameOf(input);
    if (event.name !== 'capture_fault') yield [`${start}told\n${name}`, 1];
    for (const fault of faults ?? []) yield [`${start}faults\n${name}\n${fault}`, 1];
  }

  absorb(changes: Iterable<readonly [string, number]>): void {
    for (const [key, change] of changes) {
      const [hour = '', site = '', group = '', ...rest] = key.split('\n');
      this.#add(Number(hour), site, group as Group, rest.join('\n'), change);
    }
    this.#first = this.#firstHour(Math.max(...this.#hours.keys()));
    for (const hour of this.#hours.keys()) if (hour < this.#first) this.#hours.delete(hour);
  }

  forget(): void {
    this.#hours.clear();
    this.#first = 0;
  }

  firstKept(at: number): string {
    return keyOf(this.#firstHour(hourOf(at)));
  }

  /** The last hours of a site, oldest first, up to the one that is under way. None are left out between. */
  read(site: SiteId, now: number): readonly CaptureHour[] {
    const last = hourOf(now);
    return Array.from({ length: KEPT_HOURS }, (_, index) => {
      const hour = last - KEPT_HOURS + 1 + index;
      const counts = this.#hours.get(hour)?.sites.get(site) ?? nothingTold;
      const serverPurchases = counts.server.get('purchase') ?? 0;
      return { at: hour * HOUR_MS, told: counts.told, faults: counts.faults, serverPurchases };
    });
  }

  #add(hour: number, site: string, group: Group, name: string, change: number): void {
    const kept = this.#hours.get(hour) ?? { sites: new Map(), size: 0 };
    this.#hours.set(hour, kept);
    const counts = kept.sites.get(site) ?? { told: new Map(), faults: new Map(), server: new Map() };
    kept.sites.set(site, counts);
    const count = counts[group].get(name);
    if (count === undefined) kept.size++;
    counts[group].set(name, (count ?? 0) + change);
  }

  /** Depends on what is kept alone: hubs that know the same keep the same. */
  #firstHour(last: number): number {
    let sums = 0;
    for (let hour = last; hour > last - KEPT_HOURS; hour--) {
      sums += this.#hours.get(hour)?.size ?? 0;
      // The hour that is under way stays in any case.
      if (sums > this.#mostSums && hour < last) return hour + 1;
    }
    return Math.max(this.#first, last - KEPT_HOURS + 1);
  }
}

const nothingTold: Readonly<Record<Group, ReadonlyMap<string, number>>> = {
  told: new Map(),
  faults: new Map(),
  server: new Map(),
};

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS);
}

/** Of one width, so that as text earlier hours come first. */
function keyOf(hour: number): string {
  return String(hour).padStart(8, '0');
}
