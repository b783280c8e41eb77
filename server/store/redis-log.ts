import type { LogRecord } from './log-record.ts';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { type LogKey, readLogKey } from './log-key.ts';
import { keysOf, openLines } from './sealed-lines.ts';
import { SCRIPTS } from './redis-scripts.ts';
import { LOG_START, type LogLag, type LogPlace, type ShopperKey, type ShopperLog } from './store.ts';

/** Entries of one shopper's partition that are looked through in one call. */
const ENTRIES_AT_ONCE = 1_000;
const BEGINNING = '0-0';
/** Entries of each partition that are counted for a lag; that many take Redis about a millisecond. */
const COUNTED_FOR_LAG = 1_000;

type Entry = readonly [id: string, fields: readonly string[]];

/** Reads the streams of all partitions as one log, oldest first. A place in it is a place in each stream. */
export class RedisLog {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  /** The JSON lines of each entry. About `limit` entries at most; fewer than there are where a stream has more to give. */
  async read(after: LogPlace, limit: number): Promise<{ lines: string[]; next: LogPlace; isFull: boolean }> {
    const { partitions } = this.#keys;
    const known = entriesOf(after);
    const places = partitions.map((_, index) => known[index] ?? BEGINNING);
    const each = Math.max(1, Math.ceil(limit / partitions.length));
    const pages = (await Promise.all(
      partitions.map(({ log }, index) =>
        this.#link.ask((client) => client.xrange(log, `(${places[index]}`, '+', 'COUNT', each)),
      ),
    )) as Entry[][];
    // What lies behind a full page may come before what lies on another one: up to its end all is known.
    const ends = pages.flatMap((page) => (page.length === each ? [timeOf(page.at(-1)?.[0])] : []));
    const horizon = Math.min(Number.POSITIVE_INFINITY, ...ends);
    const found: Sealed[] = [];
    for (const [index, page] of pages.entries())
      for (const [id, fields] of page) {
        const at = timeOf(id);
        if (at > horizon) break;
        places[index] = id;
        found.push({ at, partition: index, sealed: fields[3] ?? '' });
      }
    found.sort((one, other) => one.at - other.at);
    return { lines: await this.#open(found), next: placeOf(places), isFull: ends.length > 0 };
  }

  async end(): Promise<LogPlace> {
    const last = (await Promise.all(
      this.#keys.partitions.map(({ log }) =>
        this.#link.ask((client) => client.xrevrange(log, '+', '-', 'COUNT', 1)),
      ),
    )) as Entry[][];
    return placeOf(last.map(([entry]) => entry?.[0] ?? BEGINNING));
  }

  /** `now`: the time by the clock that gave the entries their ids. */
  async lag(after: LogPlace, now: number): Promise<LogLag> {
    const { partitions } = this.#keys;
    const places = entriesOf(after);
    const lags = await Promise.all(
      partitions.map(async ({ log }, index) =>
        lagIn(await this.#link.run(SCRIPTS.logLag, [log], [places[index] ?? BEGINNING, COUNTED_FOR_LAG])),
      ),
    );
    const since = Math.min(now, ...lags.map(({ firstAt }) => firstAt));
    return { records: lags.reduce((sum, { records }) => sum + records, 0), ms: now - since };
  }

  /** One shopper's records, newest first, stretch by stretch. */
  async readOf(key: ShopperKey, before: LogPlace | null): Promise<ShopperLog> {
    const { partition, member, shopper } = this.#keys.shopper(key);
    const log = this.#keys.partitions[partition]?.log ?? '';
    const keyText = await this.#link.ask((client) => client.hget(shopper, 'l'));
    const own = keyText === null ? null : readLogKey(keyText);
    const end = before === null ? '+' : `(${before}`;
    const entries = (await this.#link.ask((client) =>
      client.xrevrange(log, end, '-', 'COUNT', ENTRIES_AT_ONCE),
    )) as Entry[];
    const records = entries
      .filter(([, fields]) => fields[1] === own?.id || fields[1] === member)
      .flatMap(([, fields]) => recordsIn(openLines(fields[3] ?? '', () => own ?? undefined)).toReversed());
    const last = entries.at(-1)?.[0];
    return { records, next: entries.length < ENTRIES_AT_ONCE || last === undefined ? null : last };
  }

  /** As they were before they were sealed. Those whose key is gone are empty. */
  async #open(found: readonly Sealed[]): Promise<string[]> {
    const wanted = new Map<number, Set<string>>();
    for (const { partition, sealed } of found) for (const id of keysOf(sealed)) addTo(wanted, partition, id);
    // Asked for each time: of one who was erased meanwhile nothing is to be read.
    const known = new Map<string, LogKey>();
    const asked = [...wanted].map(([partition, ids]) => this.#learn(known, partition, [...ids]));
    await Promise.all(asked);
    return found.map(({ sealed }) => openLines(sealed, (id) => known.get(id)));
  }

  async #learn(known: Map<string, LogKey>, partition: number, ids: readonly string[]): Promise<void> {
    const logKeys = this.#keys.partitions[partition]?.logKeys ?? '';
    const kept = await this.#link.ask((client) => client.hmget(logKeys, ...ids));
    for (const [index, text] of kept.entries()) {
      const [keyText] = text?.split(' ') ?? [];
      const id = ids[index];
      if (keyText !== undefined && id !== undefined) known.set(id, readLogKey(keyText));
    }
  }
}

interface Sealed {
  readonly at: number;
  readonly partition: number;
  readonly sealed: string;
}

function addTo(sets: Map<number, Set<string>>, key: number, value: string): void {
  const set = sets.get(key) ?? new Set();
  set.add(value);
  sets.set(key, set);
}

export function recordsIn(lines: string): LogRecord[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogRecord);
}

/** For each partition the last entry before a place; nothing for the beginning. */
export function entriesOf(place: LogPlace): string[] {
  return place === LOG_START ? [] : place.split(' ');
}

function placeOf(places: readonly string[]): LogPlace {
  return places.every((place) => place === BEGINNING) ? LOG_START : places.join(' ');
}

/** What is more than was counted is taken to lie as densely in time. */
function lagIn(answer: unknown): { records: number; firstAt: number } {
  const [records, counted, firstAt, countedTo, lastAt, length] = answer as (number | undefined)[];
  if (!records || !counted || firstAt === undefined) return { records: 0, firstAt: Number.POSITIVE_INFINITY };
  if (counted < COUNTED_FOR_LAG) return { records, firstAt };
  const share = ((lastAt ?? 0) - firstAt) / Math.max(1, (countedTo ?? 0) - firstAt);
  const entries = Math.max(counted, Math.min(length ?? 0, counted * share));
  return { records: Math.round((records * entries) / counted), firstAt };
}

/** Ids of streams begin with Redis's time in milliseconds. */
function timeOf(id: string | undefined): number {
  return Number((id ?? BEGINNING).split('-')[0]);
}
