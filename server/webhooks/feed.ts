import type { Logger } from 'pino';
import type { LogRecord } from '../store/log-record.ts';
import { LOG_START, type LogPlace, type Store } from '../store/store.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import type { DisabledReason, Endpoints, SiteEndpoint } from './endpoints.ts';
import type { Lease } from './lease.ts';
import { messagesOf } from './messages.ts';

/** Under this name the store keeps how far the log has been read for webhooks. */
export const FEED = 'webhooks';
/** Messages that may wait for one endpoint; past it nothing more is sent there until its owner enables it. */
export const MOST_WAITING = 10_000;
const RECORDS_AT_ONCE = 500;

export interface FeedParts {
  readonly store: Store;
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly lease: Lease;
  readonly logger: Logger;
  disable(endpoint: SiteEndpoint, reason: DisabledReason): Promise<void>;
  /** Something may be sent there now. */
  wake(endpoint: string): void;
  readonly mostWaiting?: number;
}

/**
 * Reads the log and writes down what is to be sent. Its place moves on once that is safe, so a hub that dies in between has another
 * read the page again, and nothing of a page is sent before the place has moved. One hub at a time reads where there are endpoints.
 */
export class Feed {
  readonly #parts: FeedParts;
  readonly #mostWaiting: number;
  #place: LogPlace = LOG_START;
  /** As far as this hub has added to them: never too small while it is the one that adds. */
  readonly #waiting = new Map<string, number>();

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#mostWaiting = parts.mostWaiting ?? MOST_WAITING;
  }

  /** Whether there may be more to read at once. */
  async round(): Promise<boolean> {
    const { store, lease } = this.#parts;
    const from = this.#place;
    if ((await this.#listening()).length === 0) return this.#passBy(from);
    const { lines, next } = await store.readLogLines(from, RECORDS_AT_ONCE);
    if (next === from) return false;
    const isMoved = await lease.hold(async () => {
      // After the page: one that is not there yet is not told of what came before it. And within: whoever removes one waits for this.
      const all = await this.#listening();
      const stands = await store.readFoldPlace(FEED);
      if (stands === from) {
        const woken = await this.#writeDown(lines, from, all);
        await this.#moveOn(from, next);
        for (const id of woken) this.#parts.wake(id);
      } else {
        this.#place = stands;
        this.#waiting.clear();
      }
      return true;
    });
    return isMoved ?? false;
  }

  /** Nobody is to be told: the log is not read. One who comes meanwhile is told of what comes from then on. */
  async #passBy(from: LogPlace): Promise<boolean> {
    const end = await this.#parts.store.readLogEnd();
    if (end === from) return false;
    if ((await this.#listening()).length > 0) return true;
    await this.#moveOn(from, end);
    return false;
  }

  async #listening(): Promise<readonly SiteEndpoint[]> {
    return (await this.#parts.endpoints.all()).filter(({ disabled }) => disabled === null);
  }

  async #moveOn(from: LogPlace, to: LogPlace): Promise<void> {
    const { store } = this.#parts;
    this.#place = (await store.advanceFold(FEED, from, to, new Map())) ? to : await store.readFoldPlace(FEED);
  }

  async #writeDown(lines: string, page: LogPlace, endpoints: readonly SiteEndpoint[]): Promise<string[]> {
    const found = new Map<SiteEndpoint, Delivery[]>(endpoints.map((endpoint) => [endpoint, []]));
    for (const line of lines.split('\n')) if (line !== '') this.#addTo(found, line, page);
    const told = [...found].filter(([, deliveries]) => deliveries.length > 0);
    for (const [endpoint, deliveries] of told) await this.#add(endpoint, deliveries);
    return told.map(([{ id }]) => id);
  }

  #addTo(found: Map<SiteEndpoint, Delivery[]>, line: string, page: LogPlace): void {
    const { logger } = this.#parts;
    try {
      const record = JSON.parse(line) as LogRecord;
      const { site, shopper, at } = record;
      const meant = [...found].filter(([endpoint]) => endpoint.site === site && at >= endpoint.since);
      if (meant.length === 0) return;
      for (const message of messagesOf(record))
        for (const [{ types }, deliveries] of meant)
          if (types === undefined || types.includes(message.type))
            deliveries.push({ message, shopper, attempts: 0, page });
    } catch (error) {
      // One record that can't be told must not keep the others back.
      logger.error({ err: error }, 'a record of the log could not be told to webhooks');
    }
  }

  async #add(endpoint: SiteEndpoint, deliveries: readonly Delivery[]): Promise<void> {
    const { id } = endpoint;
    const most = this.#mostWaiting;
    let waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting + deliveries.length > most)
      waiting = await this.#parts.deliveries.count(id);
    if (waiting + deliveries.length > most) {
      this.#waiting.delete(id);
      await this.#parts.disable(endpoint, 'too_many_waiting');
      return;
    }
    this.#waiting.set(id, waiting + (await this.#parts.deliveries.add(id, deliveries)));
    await this.#clearRemoved(endpoint);
  }

  /** Its owner may have removed it meanwhile: nobody would send what was written down since, or look for a shopper in it. */
  async #clearRemoved({ site, id }: SiteEndpoint): Promise<void> {
    const { endpoints, deliveries } = this.#parts;
    const isThere = (await endpoints.of(site)).some((other) => other.id === id);
    if (!isThere) await deliveries.clear(id);
  }
}
