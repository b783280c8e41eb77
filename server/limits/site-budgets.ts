import type { SiteId } from '../../shared/ids.ts';
import { TokenBucket } from './token-bucket.ts';

/** What one site may use of a hub, where it shares the hub with others. */
export interface SiteQuota {
  readonly eventsPerSecond: number;
  readonly sockets: number;
}

/** So many seconds' worth of events may come at once. */
const BURST_SECONDS = 2;

/** Keeps one site's rush, or its abuser, from taking the hub from the others. A site that has the hub to itself has all of it. */
export class SiteBudgets {
  readonly #quotaOf: (site: SiteId) => SiteQuota | null;
  readonly #clock: () => number;
  readonly #sockets = new Map<SiteId, number>();
  readonly #events = new Map<SiteId, { readonly perSecond: number; readonly bucket: TokenBucket }>();

  /** `quotaOf`: null where the site has the hub to itself. */
  constructor(quotaOf: (site: SiteId) => SiteQuota | null, clock: () => number = () => performance.now()) {
    this.#quotaOf = quotaOf;
    this.#clock = clock;
  }

  /** Takes a place for one more socket, to be given back as it closes; false: there is none. */
  opens(site: SiteId): boolean {
    const open = this.#sockets.get(site) ?? 0;
    if (open >= (this.#quotaOf(site)?.sockets ?? Number.POSITIVE_INFINITY)) return false;
    this.#sockets.set(site, open + 1);
    return true;
  }

  closed(site: SiteId): void {
    this.#sockets.set(site, (this.#sockets.get(site) ?? 1) - 1);
  }

  /** In how many milliseconds so many events may come again; 0: they are taken. */
  refusesEvents(site: SiteId, events: number): number {
    const quota = this.#quotaOf(site);
    if (quota === null) return 0;
    const bucket = this.#bucketOf(site, quota.eventsPerSecond);
    // More than there ever is at once has to come through, too.
    const asked = Math.min(events, BURST_SECONDS * quota.eventsPerSecond);
    return bucket.take(this.#clock(), asked) ? 0 : bucket.waitMs(asked);
  }

  #bucketOf(site: SiteId, perSecond: number): TokenBucket {
    const known = this.#events.get(site);
    if (known?.perSecond === perSecond) return known.bucket;
    const bucket = new TokenBucket(perSecond, BURST_SECONDS * perSecond, this.#clock());
    this.#events.set(site, { perSecond, bucket });
    return bucket;
  }
}
