import type { Reason } from '../core/reasons.ts';
import type { LogRecord } from './log-record.ts';

type Ordinary = 'at' | 'site' | 'shopper' | 'version' | 'seed' | 'input' | 'reasons';
type Rare = Exclude<keyof LogRecord, Ordinary>;

/** An object, for the compiler to miss a field that is new. */
const RARE: Record<Rare, true> = {
  steps: true,
  ended: true,
  together: true,
  journeys: true,
  redeemed: true,
  entered: true,
  left: true,
  faults: true,
};
const rare = Object.keys(RARE) as readonly Rare[];
/** Of so many rules it is known what was said of them last. */
const MOST_KNOWN = 4_096;

/** Records as they are sealed: a line of JSON each. */
export function linesOf(records: readonly LogRecord[]): string {
  let lines = '';
  for (const record of records) lines += `${lineOf(record)}\n`;
  return lines;
}

/** By hand: this is done for every event, and takes a third less. What ids may be has nothing to escape. */
function lineOf(record: LogRecord): string {
  const { at, site, shopper, version, seed, input, reasons } = record;
  let line = `{"at":${at},"site":"${site}","shopper":"${shopper}","version":${version},"seed":[${seed[0]},${seed[1]},${seed[2]},${seed[3]}],"input":${JSON.stringify(input)}`;
  if (reasons) line += `,"reasons":[${reasonsIn(reasons)}]`;
  for (const field of rare) {
    const value = record[field];
    if (value !== undefined) line += `,"${field}":${JSON.stringify(value)}`;
  }
  return `${line}}`;
}

function reasonsIn(reasons: readonly Reason[]): string {
  let text = '';
  for (const reason of reasons) text += text === '' ? textOf(reason) : `,${textOf(reason)}`;
  return text;
}

const known = new Map<string, { readonly reason: Reason; readonly text: string }>();

/** A rule is nearly always held for the same reason, and `HeldReasons` gives the same object: its words are made once. */
function textOf(reason: Reason): string {
  const last = known.get(reason.rule);
  if (last?.reason === reason) return last.text;
  const text = JSON.stringify(reason);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(reason.rule, { reason, text });
  return text;
}

/** Control characters: JSON has none. */
const BEFORE_BLOCK = '\u001E';
const AFTER_KEY = '\u001F';

/** A commit's records with their shopper's key, to be sealed in another thread: as one text it gets there at next to no cost. */
export function blockOf(records: readonly LogRecord[], logKey: string): string {
  return records.length === 0 ? '' : BEFORE_BLOCK + logKey + AFTER_KEY + linesOf(records);
}

export interface Block {
  readonly logKey: string;
  readonly lines: string;
}

export function* blocksIn(text: string): Generator<Block> {
  for (const block of text.split(BEFORE_BLOCK)) {
    const end = block.indexOf(AFTER_KEY);
    if (end >= 0) yield { logKey: block.slice(0, end), lines: block.slice(end + 1) };
  }
}
