import type { LogRecord } from './log-record.ts';

/** Records as they are sealed: a line of JSON each. */
export function linesOf(records: readonly LogRecord[]): string {
  let lines = '';
  for (const record of records) lines += `${JSON.stringify(record)}\n`;
  return lines;
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
