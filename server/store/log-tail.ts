import type { LogRecord } from './log-record.ts';
import { nameOfShopper, type ShopperName } from './shopper-name.ts';

interface Written {
  /** Of its row in the file. */
  readonly place: number;
  readonly records: readonly LogRecord[];
  readonly characters: number;
}

const MOST_RECORDS = 10_000;
const MOST_CHARACTERS = 8_000_000;

/** The end of the log, held in memory for those who read along. Past its bounds the oldest groups are left to the file. */
export class LogTail {
  #groups: Written[] = [];
  #records = 0;
  #characters = 0;
  #last: number | null = null;

  /** `characters`: how long the records are as JSON. */
  add(place: number, records: readonly LogRecord[], characters: number): void {
    this.#groups.push({ place, records, characters });
    this.#last = place;
    this.#records += records.length;
    this.#characters += characters;
    while (this.#records > MOST_RECORDS || this.#characters > MOST_CHARACTERS) this.#drop();
  }

  /**
   * What was written after a place; null when that goes further back than memory does. Places have no gaps. Who reads
   * along asks for nothing twice: what comes before the place is left to the file, or it would grow old in memory.
   */
  read(after: number, limit: number): { records: LogRecord[]; next: number } | null {
    if (after === this.#last) return { records: [], next: after };
    const [oldest] = this.#groups;
    if (!oldest || after < oldest.place - 1) return null;
    while (this.#groups[0] && this.#groups[0].place <= after) this.#drop();
    const records: LogRecord[] = [];
    let next = after;
    for (const group of this.#groups) {
      records.push(...group.records);
      next = group.place;
      if (records.length >= limit) break;
    }
    return { records, next };
  }

  /** Of a shopper who was erased nothing is to be read here either. */
  forget(name: ShopperName): void {
    const isOthers = ({ site, shopper }: LogRecord) => nameOfShopper({ site, shopper }) !== name;
    this.#groups = this.#groups.map((group) => {
      const records = group.records.filter(isOthers);
      this.#records -= group.records.length - records.length;
      return { ...group, records };
    });
  }

  #drop(): void {
    const oldest = this.#groups.shift();
    this.#records -= oldest?.records.length ?? 0;
    this.#characters -= oldest?.characters ?? 0;
  }
}
