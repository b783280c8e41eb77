import type { LogRecord } from './log-record.ts';

/** Records as the log has them: a line of JSON each. */
export function linesOf(records: readonly LogRecord[]): string {
  let lines = '';
  for (const record of records) lines += `${JSON.stringify(record)}\n`;
  return lines;
}
