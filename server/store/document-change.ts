/**
 * What leads from one document to the next: as much of it as is new. Documents are never written but replaced, and the
 * next one shares with the one before all that stayed as it was; so what is the same object needs no look inside.
 */
export interface DocumentChange {
  /** Fields with their new values. */
  readonly set?: Fields;
  /** Objects of which a part is new. */
  readonly within?: Readonly<Record<string, DocumentChange>>;
  /** Lists that keep a stretch of the one before. */
  readonly lists?: Readonly<Record<string, ListChange>>;
}

type ListChange = Grown | Moved;

/** A list that keeps `count` entries of the one before, those from `from` on, with new ones around them. */
interface Grown {
  readonly from: number;
  readonly count: number;
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

/**
 * The same, but that one of the entries is not kept: it was taken out, or put in front. It has names of its own for what is new: a
 * hub of a version that does not know of it has to fail at it, and not to read it as a list that has grown.
 */
interface Moved {
  readonly from: number;
  readonly count: number;
  /** Its place among those. */
  readonly without: number;
  readonly first: readonly unknown[];
  readonly last: readonly unknown[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Null when it can't be told as a change: the two have other fields. */
export function changeBetween(before: object, after: object): DocumentChange | null {
  return changeOf(before as Fields, after as Fields);
}

/** The document after a change. Both are as JSON has them. */
export function changed(before: object, { set = {}, within = {}, lists = {} }: DocumentChange): object {
  const given = before as Fields;
  const after: Record<string, unknown> = { ...given, ...set };
  for (const [field, change] of Object.entries(within))
    after[field] = changed(given[field] as object, change);
  for (const [field, change] of Object.entries(lists))
    after[field] = changedList(given[field] as readonly unknown[], change);
  return after;
}

function changedList(given: readonly unknown[], change: ListChange): readonly unknown[] {
  const { from, count } = change;
  const kept = given.slice(from, from + count);
  if (!('without' in change)) return [...change.before, ...kept, ...change.after];
  kept.splice(change.without, 1);
  return [...change.first, ...kept, ...change.last];
}

/** Fields are compared by their places: looking each up by its name costs more than twice as much. */
function changeOf(before: Fields, after: Fields): DocumentChange | null {
  const fields = Object.keys(after);
  const known = Object.keys(before);
  const values = Object.values(after);
  const old = Object.values(before);
  if (fields.length !== known.length) return null;
  const set: Record<string, unknown> = {};
  let within: Record<string, DocumentChange> | undefined;
  let lists: Record<string, ListChange> | undefined;
  for (let place = 0; place < fields.length; place++) {
    const field = fields[place] ?? '';
    const given = old[place];
    const next = values[place];
    if (known[place] !== field) return null;
    if (given === next) continue;
    // JSON has no word for it: as a new value it would leave the one before in place.
    if (next === undefined) return null;
    const list = Array.isArray(given) && Array.isArray(next) ? listChange(given, next) : null;
    const part = isRecord(given) && isRecord(next) ? changeOf(given, next) : null;
    if (list) (lists ??= {})[field] = list;
    else if (part) (within ??= {})[field] = part;
    else set[field] = next;
  }
  const change: { -readonly [Part in keyof DocumentChange]: DocumentChange[Part] } = { set };
  if (within) change.within = within;
  if (lists) change.lists = lists;
  return change;
}

/**
 * Lists grow at one end and are cut at the other, and what they have already may be put in front. So the first entry of either is
 * looked for in the other one.
 */
function listChange(before: readonly unknown[], after: readonly unknown[]): ListChange | null {
  const from = before.indexOf(after[0]);
  const at = after.indexOf(before[0]);
  const grownBehind = from < 0 ? nothing : keptFrom(before, from, after, 0);
  const grownBefore = at < 0 ? nothing : keptFrom(before, 0, after, at);
  const isBehind = grownBehind.entries >= grownBefore.entries;
  const { entries, count, without } = isBehind ? grownBehind : grownBefore;
  if (entries === 0) return null;
  const first = isBehind ? [] : after.slice(0, at);
  const last = after.slice(first.length + entries);
  const start = isBehind ? from : 0;
  // Written out: spreading costs more than all the rest.
  if (without === null) return { from: start, count, before: first, after: last };
  return { from: start, count, without, first, last };
}

interface Kept {
  readonly entries: number;
  readonly count: number;
  readonly without: number | null;
}

const nothing: Kept = { entries: 0, count: 0, without: null };

/** A stretch of `before`, as long as may be, of which `after` has all entries one for one, or all but one. */
function keptFrom(before: readonly unknown[], fromA: number, after: readonly unknown[], fromB: number): Kept {
  const first = sameFrom(before, fromA, after, fromB);
  const beyond = sameFrom(before, fromA + first + 1, after, fromB + first);
  return beyond === 0
    ? { entries: first, count: first, without: null }
    : { entries: first + beyond, count: first + 1 + beyond, without: first };
}

/** How many entries are the same, one for one. */
function sameFrom(a: readonly unknown[], fromA: number, b: readonly unknown[], fromB: number): number {
  const most = Math.min(a.length - fromA, b.length - fromB);
  let count = 0;
  while (count < most && a[fromA + count] === b[fromB + count]) count++;
  return count;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
