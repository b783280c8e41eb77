import type { LogRecord } from '../../../server/store/log-record.ts';
import { LOG_START, type Store } from '../../../server/store/store.ts';

const AT_ONCE = 5_000;

/** All that a store's log has. */
export async function wholeLog(store: Pick<Store, 'readLog'>): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  for (let place = LOG_START; ;) {
    const { records, next } = await store.readLog(place, AT_ONCE);
    if (next === place) return all;
    place = next;
    for (const record of records) all.push(record);
  }
}
