import type { LogRecord } from './log-record.ts';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { LOG_START, type LogPlace, type ShopperKey, type ShopperLog } from './store.ts';

/** Entries of one shopper's partition that are looked through in one call. */
const ENTRIES_AT_ONCE = 1_000;
const BEGINNING = '0-0';

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
  async read(after: LogPlace, limit: number): Promise<{ lines: string[]; next: LogPlace }> {
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
    const found: { at: number; lines: string }[] = [];
    for (const [index, page] of pages.entries())
      for (const [id, fields] of page) {
        const at = timeOf(id);
        if (at > horizon) break;
        places[index] = id;
        found.push({ at, lines: fields[3] ?? '' });
      }
    found.sort((one, other) => one.at - other.at);
    return { lines: found.map(({ lines }) => lines), next: placeOf(places) };
  }

  /** One shopper's records, newest first, stretch by stretch. */
  async readOf(key: ShopperKey, before: LogPlace | null): Promise<ShopperLog> {
    const { partition, member } = this.#keys.shopper(key);
    const log = this.#keys.partitions[partition]?.log ?? '';
    const end = before === null ? '+' : `(${before}`;
    const entries = (await this.#link.ask((client) =>
      client.xrevrange(log, end, '-', 'COUNT', ENTRIES_AT_ONCE),
    )) as Entry[];
    const records = entries
      .filter(([, fields]) => fields[1] === member)
      .flatMap(([, fields]) => recordsIn(fields[3] ?? '').toReversed());
    const last = entries.at(-1)?.[0];
    return { records, next: entries.length < ENTRIES_AT_ONCE || last === undefined ? null : last };
  }
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

/** Ids of streams begin with Redis's time in milliseconds. */
function timeOf(id: string | undefined): number {
  return Number((id ?? BEGINNING).split('-')[0]);
}
