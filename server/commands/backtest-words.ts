import type { BacktestReport } from '../analytics/backtest/report.ts';

const MOST_HOURS = 24;
const WIDTH = 30;
const number = new Intl.NumberFormat('en');

/** A report for a terminal. */
export function reportInWords(report: BacktestReport): string {
  const { rule, from, to, events, shoppers, fired, reached, published, held, perSegment } = report;
  if (from === null || to === null)
    return `\nThe log holds no events yet, so there is nothing to try ${rule} on.\n`;
  const lines = [
    '',
    `${rule} over ${number.format(events)} events of ${number.format(shoppers)} shoppers, ${day(from)} to ${day(to)} (UTC)`,
    '',
    `  would have fired   ${number.format(fired)} times, for ${number.format(reached)} shoppers`,
    `  published version  ${number.format(published)} times`,
    '',
    ...section('held back by', Object.entries(held)),
    ...section('by segment', Object.entries(perSegment)),
    ...hours(report),
    `Displays: ${report.displays === 'all' ? 'each nudge is taken to be displayed at once' : 'as the log has them'}.`,
  ];
  if (report.forgotten > 0)
    lines.push(`${number.format(report.forgotten)} shoppers were forgotten on the way, for want of room.`);
  return `${lines.join('\n')}\n`;
}

function section(title: string, counts: readonly (readonly [string, number])[]): string[] {
  if (counts.length === 0) return [];
  const widest = Math.max(...counts.map(([name]) => name.length));
  return [title, ...counts.map(([name, count]) => `  ${name.padEnd(widest)}  ${number.format(count)}`), ''];
}

/** The busiest day or so; the report as JSON has all of them. */
function hours({ perHour }: BacktestReport): string[] {
  const shown = perHour.slice(-MOST_HOURS);
  if (shown.length === 0) return [];
  const most = Math.max(...shown.map(({ fired, published }) => Math.max(fired, published)), 1);
  const bars = shown.map(({ hour, fired, published }) => {
    const bar = '█'.repeat(Math.round((WIDTH * fired) / most)).padEnd(WIDTH, '░');
    return `  ${day(hour)}  ${bar} ${fired} (published ${published})`;
  });
  const left = perHour.length - shown.length;
  return [left > 0 ? `by hour, the last ${shown.length} of ${perHour.length}` : 'by hour', ...bars, ''];
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
