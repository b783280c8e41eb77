import { type AbuseRound, ABUSE_PACE_PER_SECOND, slowdown } from './abuse-rounds.ts';
import { ABUSES } from './abuse-orders.ts';
import type { AnsweringTimes } from './answering-times.ts';
import type { BacktestFigure } from './backtest.ts';
import type { ConditionsFigure } from './conditions.ts';
import type { CoreFigure } from './core-decisions.ts';
import { type Goal, quietRatio, ratioOf, timesAsFast } from './goals.ts';
import type { Measured } from './load-orders.ts';
import { quietMedian, type QuietRound, type QuietSide } from './quiet-rounds.ts';
import { limitCost, limitMedian, type LimitRound } from './limit-rounds.ts';
import { median } from './percentiles.ts';
import { PAGES, type Side, SIDES } from './servers.ts';
import { medianOf, PACE_PER_SECOND, type Round, type SocketFigures } from './socket-rounds.ts';
import type { StoreFigure } from './store.ts';
import { fixed, percent, table, whole } from './table.ts';
import type { PageCost, WidgetCost } from './widget-cost.ts';
import type { widgetSizes } from './widget-sizes.ts';

const NAMES: Readonly<Record<Side, string>> = { cartbell: 'Cartbell', bare: 'bare Socket.IO' };

export function pacedLines(sockets: SocketFigures): string {
  const row = (side: Side) => {
    const ms = (figure: (round: Round) => number) => fixed(medianOf(sockets, side, figure), 2);
    return [
      NAMES[side],
      ms(({ paced }) => paced.ack.p50),
      ms(({ paced }) => paced.ack.p99),
      ms(({ paced }) => paced.nudge.p50),
      ms(({ paced }) => paced.nudge.p99),
      percent(medianOf(sockets, side, ({ paced }) => paced.serverBusy)),
    ];
  };
  const head = ['', 'ack p50 ms', 'ack p99 ms', 'nudge p50 ms', 'nudge p99 ms', 'server busy'];
  return [
    `1. ${whole(PACE_PER_SECOND)} events/s over ${PAGES} shoppers, each event answered with an ack and a nudge`,
    '',
    table(head, SIDES.map(row)),
  ].join('\n');
}

export function limitLines(sockets: SocketFigures): string {
  const rows = [...limitRows(sockets, 'full'), ...limitRows(sockets, 'sparse')];
  const { cartbell, bare } = sockets.underWay;
  return [
    `2. The most events/s (closed loop, ${cartbell} under way for Cartbell, ${bare} for bare Socket.IO)`,
    '',
    table(['', 'events/s', 'per CPU second', 'nudge p99 ms', 'server busy', 'generator busy'], rows),
    '',
    'An event is one message up, with one ack and at most one push down. A nudge that is up holds the next one back,',
    'so the message that is to get one says first that the last one was clicked: Cartbell validates, decides and logs',
    'two inputs for it; it counts as one event. "1 in 10": nine messages carry one',
    'input and get an ack only. Acks of Cartbell mean that the event is on disk.',
  ].join('\n');
}

function limitRows(sockets: SocketFigures, load: 'full' | 'sparse'): string[][] {
  return [
    ...SIDES.map((side) => limitRow(sockets, side, load)),
    ['  Cartbell / bare', percent(ratioOf(sockets, load)), percent(cpuRatio(sockets, load)), '', '', ''],
  ];
}

function limitRow(sockets: SocketFigures, side: Side, load: 'full' | 'sparse'): string[] {
  const figure = (pick: (round: Round) => number) => medianOf(sockets, side, pick);
  return [
    `${NAMES[side]}, ${load === 'full' ? 'a nudge for each' : 'a nudge for 1 in 10'}`,
    whole(figure((round) => round[load].perSecond)),
    whole(figure((round) => round[load].perServerCpuSecond)),
    fixed(
      figure((round) => round[load].nudge.p99),
      1,
    ),
    percent(figure((round) => round[load].serverBusy)),
    percent(figure((round) => round[load].generatorBusy)),
  ];
}

function cpuRatio(sockets: SocketFigures, load: 'full' | 'sparse'): number {
  const figure = (side: Side) => medianOf(sockets, side, (round) => round[load].perServerCpuSecond);
  return figure('cartbell') / figure('bare');
}

export function quietLines(rounds: readonly QuietRound[]): string {
  const row = (name: string, side: QuietSide, pick: (round: QuietRound) => Measured | null) => {
    const figure = (of: (measured: Measured) => number) =>
      quietMedian(rounds, side, (round) => {
        const measured = pick(round);
        return measured ? of(measured) : Number.NaN;
      });
    const perCpuSecond = figure(({ perServerCpuSecond }) => perServerCpuSecond);
    const perSecond = figure((measured) => measured.perSecond);
    // Where nothing is acked nothing was timed.
    const [p50, p99] = [
      figure(({ ack }) => ack.p50 || Number.NaN),
      figure(({ ack }) => ack.p99 || Number.NaN),
    ];
    return [
      name,
      whole(perSecond),
      whole(perCpuSecond),
      fixed(1e6 / perCpuSecond, 1),
      fixed(p50, 1),
      fixed(p99, 1),
    ];
  };
  const ratio = (name: string, ofBare: (round: QuietRound) => Measured | null) => {
    const [own, redis] = [quietRatio(rounds, 'cartbell', ofBare), quietRatio(rounds, 'redis', ofBare)];
    return [`  Cartbell / bare, ${name}`, '', `${percent(own)}; ${percent(redis)} over Redis`, '', '', ''];
  };
  const rows = [
    row('Cartbell, an ack once on disk', 'cartbell', ({ acked }) => acked),
    row('Cartbell, an ack once Redis has it', 'redis', ({ acked }) => acked),
    row('bare Socket.IO, an ack', 'bare', ({ acked }) => acked),
    ratio('an ack', ({ acked }) => acked),
    row('bare Socket.IO, a push', 'bare', ({ pushed }) => pushed),
    ratio('a push', ({ pushed }) => pushed),
  ];
  return [
    '3. Shoppers who look around: three views to one addition, 20 rules on the site, none fires',
    '',
    table(['', 'events/s', 'per CPU second', 'CPU µs each', 'ack p50 ms', 'ack p99 ms'], rows),
    '',
    'Each event is one message up and one down. CPU is that of the whole server process, all its threads.',
  ].join('\n');
}

export function coreLines(figures: readonly CoreFigure[]): string {
  const rows = figures.map(({ rules, fires, decisionsPerSecond }) => [
    `${rules} rules, ${fires ? 'one fires' : 'all held by their last condition'}`,
    whole(decisionsPerSecond),
    fixed(1e6 / decisionsPerSecond, 1),
  ]);
  return [
    '4. The core: add_to_cart, 20 rules of 3 conditions on that trigger, the others on another one',
    '',
    table(['', 'per CPU second', 'µs each'], rows),
  ].join('\n');
}

export function conditionsLines(figures: readonly ConditionsFigure[]): string {
  const rows = figures.map(({ by, rulesPerSecond }) => [
    by,
    whole(rulesPerSecond),
    fixed(1e6 / rulesPerSecond, 2),
    by === 'Cartbell' ? '' : fixed(timesAsFast(figures, by), 1),
  ]);
  return [
    '5. Conditions alone: the same 20 rules of 3 conditions against the same 64 facts, with the same verdicts',
    '',
    table(['', 'rules per CPU second', 'µs each', 'times as fast is Cartbell'], rows),
  ].join('\n');
}

export function backtestLines(figures: readonly BacktestFigure[]): string {
  const rows = figures.map(({ events, eventsPerSecond }) => [
    `${whole(events)} events`,
    whole(eventsPerSecond),
  ]);
  return [
    '8. A backtest over the embedded log: one thread reads, one rehearses',
    '',
    table(['', 'events/s'], rows),
  ].join('\n');
}

export function limitCostLines(rounds: readonly LimitRound[]): string {
  const row = (limits: LimitRound['limits']) => [
    `limits ${limits}`,
    whole(limitMedian(rounds, limits, ({ perSecond }) => perSecond)),
    whole(limitMedian(rounds, limits, ({ perServerCpuSecond }) => perServerCpuSecond)),
  ];
  return [
    '9. What it costs to ask of each message whether its sender, their address and their site may say that much',
    '',
    table(
      ['a nudge for 1 in 10', 'events/s', 'per CPU second'],
      [row('off'), row('on'), ['  cost', percent(limitCost(rounds)), '']],
    ),
  ].join('\n');
}

export function abuseLines(rounds: readonly AbuseRound[]): string {
  const rows = ABUSES.map((abuse) => {
    const own = rounds.filter((round) => round.abuse === abuse);
    const figure = (of: (round: AbuseRound) => number) => median(own.map(of));
    return [
      abuse,
      fixed(
        figure(({ quiet }) => quiet.ack.p99),
        1,
      ),
      fixed(
        figure(({ first }) => first.ack.p99),
        1,
      ),
      fixed(
        figure(({ later }) => later.ack.p99),
        1,
      ),
      fixed(slowdown(rounds, abuse, 'first'), 2),
      fixed(slowdown(rounds, abuse, 'later'), 2),
      whole(own.reduce((sum, { first, later }) => sum + first.failed + later.failed, 0)),
      whole(figure(({ abused }) => abused.asked)),
      whole(figure(({ abused }) => abused.ended)),
      whole(figure(({ abused }) => abused.sent)),
    ];
  });
  const times = ['before ms', 'first 5 s ms', 'then ms', 'times, first', 'times, then'];
  const head = ['', ...times, 'failed', 'sockets asked for', 'ended', 'messages'];
  return [
    `10. Acks to others, 99th percentile at ${ABUSE_PACE_PER_SECOND} messages/s, before and during an abuse`,
    '',
    table(head, rows),
    '',
    'One socket: 10,000 frames/s, anew when it is cut off. One address: 2,000 sockets, anew when refused. One site, of two: 100',
    'sockets of as many addresses, 20 messages/s of 25 events on each. The abuser shares a core with those who measure.',
  ].join('\n');
}

export function widgetLines(sizes: ReturnType<typeof widgetSizes>): string {
  const rows = [sizes.tag, sizes.firstLoad, sizes.firstNudge, sizes.everything].map(({ what, gzipBytes }) => [
    what,
    fixed(gzipBytes / 1000, 2),
  ]);
  return ['6. The widget, gzip -9', '', table(['', 'kB'], rows)].join('\n');
}

export function costLines({ throttling, pages, painted }: WidgetCost): string {
  const row = (what: string, { scriptMs, taskMs, heapBytes, readyMs, layoutShift }: PageCost) => [
    what,
    fixed(scriptMs, 1),
    fixed(taskMs, 1),
    fixed(heapBytes / 1e6, 2),
    readyMs === null ? '' : whole(readyMs),
    fixed(layoutShift, 4),
  ];
  const head = ['', 'script ms', 'main thread ms', 'heap MB', 'tag to welcome ms', 'layout shift'];
  return [
    `What the widget costs a page, CPU ${throttling} times slower, medians`,
    '',
    table(head, [
      row('the page alone', pages.bare),
      row('with the tag, while it is busy', pages.busy),
      row('with the tag', pages.tag),
      row('with a nudge that was seen', pages.nudge),
    ]),
    '',
    `event -> painted at full speed, ${painted.count} nudges: p50 ${fixed(painted.p50, 1)} ms, p99 ${fixed(painted.p99, 1)} ms`,
  ].join('\n');
}

export function storeLines(figures: readonly StoreFigure[]): string {
  const rows = figures.map(({ way, commitsPerSecond, cpuMicrosPerCommit }) => [
    way,
    whole(commitsPerSecond),
    fixed(cpuMicrosPerCommit, 1),
  ]);
  return [
    '7. Durable commits of a 1 kB document and a 300-byte record, one core',
    '',
    table(['', 'commits/s', 'CPU µs each'], rows),
  ].join('\n');
}

export function answeringLines(times: readonly AnsweringTimes[]): string {
  const rows = times.map(({ about, samples, thereMs, notThereMs, p }) => [
    about,
    whole(samples),
    fixed(thereMs, 3),
    fixed(notThereMs, 3),
    p < 0.001 ? '< 0.001' : fixed(p, 3),
  ]);
  return [
    '11. How long the same answer takes of what there is and of what there is not, medians, and whether that tells them apart',
    '',
    table(['', 'samples', 'there ms', 'not there ms', 'p (Mann-Whitney)'], rows),
  ].join('\n');
}

export function goalLines(goals: readonly Goal[]): string {
  return goals
    .map(({ goal, measured, isMet }) => `${isMet ? 'PASS' : 'FAIL'}  ${goal}: ${measured}`)
    .join('\n');
}
