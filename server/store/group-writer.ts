import type { Shopper } from '../core/shopper.ts';
import { changeBetween } from './document-change.ts';
import type { Hot, HotShoppers } from './hot-shoppers.ts';
import type { LogRecord } from './log-record.ts';
import type { LogTail } from './log-tail.ts';
import { blockOf } from './record-lines.ts';
import { logKeyToText, newLogKey } from './log-key.ts';
import { nameOfShopper, type ShopperName } from './shopper-name.ts';
import type { Group, ShopperRow } from './sqlite-file.ts';
import type { SqliteLink } from './sqlite-link.ts';
import type { Entry } from './sqlite-recovery.ts';
import { type Commit, type CommitResult, StoreUnavailable } from './store.ts';
import { rowOf, type UnsettledShoppers } from './unsettled-shoppers.ts';

interface Member {
  readonly key: ShopperName;
  readonly hot: Hot;
  readonly commit: Commit;
  /** The document before, to go back to when the group can't be written. */
  readonly before: Shopper | null;
  resolve(result: CommitResult): void;
  reject(error: Error): void;
}

interface Gathered {
  readonly records: LogRecord[];
  readonly entries: Entry[];
  readonly members: Member[];
}

interface Memory {
  readonly hot: HotShoppers;
  readonly unsettled: UnsettledShoppers;
  readonly tail: LogTail;
  now(): number;
  /** A commit is durable. */
  written(key: ShopperName): void;
  /** A commit never was. */
  undone(commit: Commit): void;
}

/** Under load, so long is gathered for a group: fewer, larger writes. Under heavy load, when groups are large, longer. */
const GATHER_MS = 2;
const GATHER_LONGER_MS = 8;
const LARGE_GROUP = 64;
/** The row of a shopper who was away for so long may have been forgotten since by the housekeeping. */
const WRITTEN_WHOLE_AFTER_MS = 86_400_000;
/** With more counted ids in memory most of them are left to the disk. */
const MOST_IDS = 1_024;

/**
 * Puts commits on disk in groups. While one group is being written the next one gathers, so groups grow with the load
 * and a lone event waits for nothing. Of each document a group has what changed; the whole of it goes to its row later,
 * with another group, when many changes have come together.
 */
export class GroupWriter {
  readonly #link: SqliteLink;
  readonly #memory: Memory;
  #gathering = nothing();
  #writing: Promise<void> | null = null;
  #lastPlace: number;

  constructor(link: SqliteLink, memory: Memory, lastPlace: number) {
    this.#link = link;
    this.#memory = memory;
    this.#lastPlace = lastPlace;
  }

  /** Takes up a commit; resolves once it is on disk. */
  gather(key: ShopperName, commit: Commit, hot: Hot): Promise<CommitResult> {
    const group = this.#gathering;
    const before = hot.document;
    hot.document = commit.document;
    hot.version += 1;
    hot.pending += 1;
    for (const id of commit.counts) {
      hot.counted.add(id);
      hot.unsaved.push(id);
    }
    for (const record of commit.records) group.records.push(record);
    group.entries.push(entryOf(commit, hot.version, before));
    hot.logKey ??= logKeyToText(newLogKey());
    this.#writing ??= this.#write();
    return new Promise((resolve, reject) =>
      group.members.push({ key, hot, commit, before, resolve, reject }),
    );
  }

  /** Refuses what has been gathered of a shopper and is not on its way to the disk. */
  drop(name: ShopperName): void {
    const { records, entries, members } = this.#gathering;
    this.#gathering = nothing();
    for (const [index, member] of members.entries()) {
      const { commit, key, resolve } = member;
      const entry = entries[index];
      if (key === name) {
        this.#memory.undone(commit);
        resolve({ ok: false, why: 'erased' });
      } else if (entry) {
        this.#gathering.members.push(member);
        this.#gathering.entries.push(entry);
      }
    }
    const isOthers = ({ site, shopper }: LogRecord) => nameOfShopper({ site, shopper }) !== name;
    this.#gathering.records.push(...records.filter(isOthers));
  }

  /** For quiet times: what has waited long enough is settled even when no group comes by. */
  settleIdle(): void {
    if (this.#memory.unsettled.isDue(this.#memory.now())) this.#writing ??= this.#write();
  }

  /** Brings every row up to date, tells whether that succeeded, and writes nothing else until `work` is done. */
  async onceSettled(work: (isSettled: boolean) => Promise<void>): Promise<void> {
    while (this.#writing) await this.#writing;
    const working = this.#writeGathered(true).then(work);
    this.#writing = working.then(
      () => this.#goOn(),
      () => this.#goOn(),
    );
    await working;
  }

  #goOn(): void {
    this.#writing = this.#gathering.members.length > 0 ? this.#write() : null;
  }

  async #write(): Promise<void> {
    // Everything that this turn of the event loop brings goes into the first group.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const { length } = this.#gathering.members;
      await this.#writeGathered(false);
      if (this.#gathering.members.length === 0) break;
      // Whoever comes while others are at it waits a moment for more; a lone event waits for nothing.
      const ms = length < LARGE_GROUP ? GATHER_MS : GATHER_LONGER_MS;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    this.#writing = null;
  }

  /** False when it could not be written. */
  async #writeGathered(settlesAll: boolean): Promise<boolean> {
    const { unsettled, hot: hotShoppers, tail, now, written } = this.#memory;
    const gathered = this.#gathering;
    this.#gathering = nothing();
    const { members } = gathered;
    const at = now();
    const settling = settlesAll ? unsettled.all() : unsettled.due(at, members.length, hotShoppers.isFull);
    if (settlesAll) for (const { key, hot } of members) settling.set(key, hot);
    if (members.length === 0 && settling.size === 0) return true;
    const group = this.#groupOf(gathered, at, settling);
    try {
      await this.#link.call('append', group);
    } catch (error) {
      this.#undo(gathered, error instanceof Error ? error : new StoreUnavailable(String(error)));
      return false;
    }
    let row = 0;
    for (const [key, hot] of settling) this.#settled(key, hot, group.settled[row++]);
    if (members.length === 0) return true;
    this.#lastPlace = group.place;
    tail.add(group.place, gathered.records, group.records.length);
    for (const { key, hot, resolve } of members) {
      hot.pending -= 1;
      if (!settling.has(key) && !hot.isErased) unsettled.add(key, hot, group.place, at);
      written(key);
      resolve({ ok: true, nodes: [] });
    }
    return true;
  }

  /** In one go: what memory has of the shoppers to be settled holds this group's commits, and none that come later. */
  #groupOf(
    { records, entries, members }: Gathered,
    at: number,
    settling: ReadonlyMap<ShopperName, Hot>,
  ): Group {
    const place = this.#lastPlace + 1;
    const stays = members.some(({ key }) => !settling.has(key));
    return {
      place,
      at,
      count: records.length,
      records: members.map(({ commit, hot }) => blockOf(commit.records, hot.logKey ?? '')).join(''),
      entries: members.length === 0 ? '' : JSON.stringify(entries),
      logKeys: newKeysOf(members),
      coupons: members.flatMap(({ commit: { key, coupons } }) =>
        coupons.map((code) => [key.site, code, key.shopper] as const),
      ),
      budgets: members.flatMap(({ commit: { key, budgets } }) =>
        budgets.map(({ name, take }) => [key.site, name, take] as const),
      ),
      settled: [...settling.values()].map(rowOf),
      redoFrom: this.#memory.unsettled.firstPlaceWithout(settling) ?? (stays ? place : place + 1),
    };
  }

  #settled(key: ShopperName, hot: Hot, row: ShopperRow | undefined): void {
    if (!row || hot.isErased) return;
    this.#memory.unsettled.delete(key);
    this.#memory.hot.resize(hot, row.document.length);
    hot.unsaved.splice(0, row.counts.length);
    if (hot.counted.size <= MOST_IDS) return;
    hot.counted = new Set(hot.unsaved);
    hot.all = false;
  }

  /** What was not written never was: memory goes back to before it, and before all that gathered on top of it. */
  #undo(group: Gathered, error: Error): void {
    const members = [...group.members, ...this.#gathering.members];
    this.#gathering = nothing();
    for (const { hot, commit, before, reject } of members.toReversed()) {
      hot.document = before;
      hot.version -= 1;
      hot.pending -= 1;
      for (const id of commit.counts) hot.counted.delete(id);
      hot.unsaved = hot.unsaved.filter((id) => !commit.counts.includes(id));
      hot.isKeySaved = false;
      this.#memory.undone(commit);
      reject(error);
    }
  }
}

function entryOf({ key, at, document, counts }: Commit, version: number, before: Shopper | null): Entry {
  const { site, shopper } = key;
  const isKnown = before !== null && at - before.activeAt < WRITTEN_WHOLE_AFTER_MS;
  const change = isKnown ? changeBetween(before, document) : null;
  return change ? { site, shopper, version, counts, change } : { site, shopper, version, counts, document };
}

function newKeysOf(members: readonly Member[]): (readonly [string, string, string])[] {
  const keys: (readonly [string, string, string])[] = [];
  for (const { hot } of members) {
    if (hot.isKeySaved || hot.logKey === null) continue;
    hot.isKeySaved = true;
    keys.push([hot.site, hot.shopper, hot.logKey]);
  }
  return keys;
}

function nothing(): Gathered {
  return { records: [], entries: [], members: [] };
}
