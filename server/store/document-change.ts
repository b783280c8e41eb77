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

/** A list that keeps `count` entries of the one before, those from `from` on, with new ones around them. */
interface ListChange {
  readonly from: number;
  readonly count: number;
  /** The place, among those, of the one that is not kept: it was taken out, or put in front. */
  readonly without?: number;
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
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
  for (const [field, { from, count, without, before: first, after: last }] of Object.entries(lists)) {
    const kept = (given[field] as readonly unknown[]).slice(from, from + count);
    if (without !== undefined) kept.splice(without, 1);
    after[field] = [...first, ...kept, ...last];
  }
  return after;
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
  return { set, ...(within ? { within } : {}), ...(lists ? { lists } : {}) };
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
  const { entries, stretch } = isBehind ? grownBehind : grownBefore;
  if (entries === 0) return null;
  return isBehind
    ? { from, ...stretch, before: [], after: after.slice(entries) }
    : { from: 0, ...stretch, before: after.slice(0, at), after: after.slice(at + entries) };
}

interface Kept {
  readonly entries: number;
  readonly stretch: Pick<ListChange, 'count' | 'without'>;
}

const nothing: Kept = { entries: 0, stretch: { count: 0 } };

/** A stretch of `before`, as long as may be, of which `after` has all entries one for one, or all but one. */
function keptFrom(before: readonly unknown[], fromA: number, after: readonly unknown[], fromB: number): Kept {
  const first = sameFrom(before, fromA, after, fromB);
  const beyond = sameFrom(before, fromA + first + 1, after, fromB + first);
  return beyond === 0
    ? { entries: first, stretch: { count: first } }
    : { entries: first + beyond, stretch: { count: first + 1 + beyond, without: first } };
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
