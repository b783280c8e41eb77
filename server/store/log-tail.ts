import type { LogRecord } from './log-record.ts';
import type { LogPage, LogPlace } from './store.ts';

interface Written {
  readonly place: LogPlace;
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

  /** `characters`: how long the records are as JSON. */
  add(place: LogPlace, records: readonly LogRecord[], characters: number): void {
    this.#groups.push({ place, records, characters });
    this.#records += records.length;
    this.#characters += characters;
    while (this.#records > MOST_RECORDS || this.#characters > MOST_CHARACTERS) {
      const oldest = this.#groups.shift();
      this.#records -= oldest?.records.length ?? 0;
      this.#characters -= oldest?.characters ?? 0;
    }
  }

  /** What was written after a place; null when that goes further back than memory does. Places have no gaps. */
  read(after: LogPlace, limit: number): LogPage | null {
    const [oldest] = this.#groups;
    if (!oldest || after < oldest.place - 1) return null;
    const records: LogRecord[] = [];
    let next = after;
    for (const group of this.#groups) {
      if (group.place <= after) continue;
      records.push(...group.records);
      next = group.place;
      if (records.length >= limit) break;
    }
    return { records, next };
  }
}
