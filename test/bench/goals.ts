import { type AbuseRound, slowdown } from './abuse-rounds.ts';
import { ABUSES } from './abuse-orders.ts';
import { type AnsweringTimes, LEAST_P, TOLD_APART } from './answering-times.ts';
import type { BacktestFigure } from './backtest.ts';
import type { ConditionsFigure } from './conditions.ts';
import type { CoreFigure } from './core-decisions.ts';
import { limitCost, type LimitRound } from './limit-rounds.ts';
import { quietMedian, type QuietRound } from './quiet-rounds.ts';
import { medianOf } from './socket-rounds.ts';
import type { SocketFigures } from './socket-rounds.ts';
import { fixed, percent, whole } from './table.ts';
import type { WidgetCost } from './widget-cost.ts';
import type { widgetSizes } from './widget-sizes.ts';

export interface Figures {
  readonly sockets: SocketFigures;
  readonly quiet: readonly QuietRound[];
  readonly core: readonly CoreFigure[];
  readonly conditions: readonly ConditionsFigure[];
  readonly backtest: readonly BacktestFigure[];
  readonly widget: ReturnType<typeof widgetSizes>;
  readonly cost: WidgetCost;
  readonly limits: readonly LimitRound[];
  readonly abuse: readonly AbuseRound[];
  readonly answering: readonly AnsweringTimes[];
}

export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
}

const NUDGE_WITHIN_MS = 25;
const LEAST_OF_BARE = 0.4;
/** Of what the bare server does for as many emits and pushes, both by the CPU time that it takes. */
const LEAST_ACKS_OF_BARE = { cartbell: 0.5, redis: 0.35 } as const;
const LEAST_DECISIONS = 300_000;
const LEAST_REHEARSED = 100_000;
/** How many times as fast conditions alone are as those of others. */
const LEAST_TIMES = { 'json-rules-engine': 100, 'json-logic-js': 10 } as const;
const MOST_WIDGET_BYTES = { tag: 1_000, firstLoad: 14_000, firstNudge: 26_000, everything: 36_000 } as const;

/** Of events/s. */
const MOST_LIMIT_COST = 0.1;
/** How many times as long others may wait while somebody abuses the hub. */
const MOST_SLOWDOWN = 2;
const MOST_COST = { busyScriptMs: 30, paintedMs: 50, heapMb: 1.5 } as const;

export function goalsOf(figures: Figures): Goal[] {
  const { sockets, quiet, core, conditions, widget, cost, backtest, limits, abuse, answering } = figures;
  const nudgeMs = medianOf(sockets, 'cartbell', ({ paced }) => paced.nudge.p99);
  const ofBare = ratioOf(sockets, 'full');
  const held = core.find(({ rules, fires }) => rules === 20 && !fires)?.decisionsPerSecond ?? 0;
  const rehearsed = backtest[0]?.eventsPerSecond ?? 0;
  const failed =
    sockets.rounds.reduce((sum, { paced, full }) => sum + paced.failed + full.failed, 0) +
    quiet.reduce((sum, { acked }) => sum + acked.failed, 0) +
    abuse.reduce((sum, { first, later }) => sum + first.failed + later.failed, 0);
  return [
    {
      goal: `event -> nudge at 1,000/s: p99 <= ${NUDGE_WITHIN_MS} ms`,
      measured: `${fixed(nudgeMs, 1)} ms`,
      isMet: nudgeMs <= NUDGE_WITHIN_MS,
    },
    {
      goal: `most events/s: >= ${percent(LEAST_OF_BARE)} of bare Socket.IO`,
      measured: percent(ofBare),
      isMet: ofBare >= LEAST_OF_BARE,
    },
    acksGoal(quiet, 'cartbell'),
    acksGoal(quiet, 'redis'),
    {
      goal: `core, 20 rules all held: >= ${whole(LEAST_DECISIONS)} decisions per CPU second`,
      measured: whole(held),
      isMet: held >= LEAST_DECISIONS,
    },
    timesGoal(conditions, 'json-rules-engine'),
    timesGoal(conditions, 'json-logic-js'),
    {
      goal: `backtest: >= ${whole(LEAST_REHEARSED)} events/s`,
      measured: whole(rehearsed),
      isMet: rehearsed >= LEAST_REHEARSED,
    },
    ...Object.entries(MOST_WIDGET_BYTES).map(([part, most]): Goal => {
      const { what, gzipBytes } = widget[part as keyof typeof MOST_WIDGET_BYTES];
      return {
        goal: `widget, ${what}: <= ${most / 1000} kB gzip`,
        measured: `${fixed(gzipBytes / 1000, 1)} kB`,
        isMet: gzipBytes <= most,
      };
    }),
    ...costGoals(cost),
    {
      goal: `limits: <= ${percent(MOST_LIMIT_COST)} of events/s`,
      measured: percent(limitCost(limits)),
      isMet: limitCost(limits) <= MOST_LIMIT_COST,
    },
    ...ABUSES.map((way): Goal => {
      const times = slowdown(abuse, way, 'later');
      return {
        goal: `others’ acks while ${way} abuses the hub, from its sixth second on: p99 < ${MOST_SLOWDOWN} times as long`,
        measured: `${fixed(times, 2)} times`,
        isMet: times < MOST_SLOWDOWN,
      };
    }),
    ...answering.map(answeringGoal),
    { goal: 'no event refused or unanswered', measured: `${failed} failed`, isMet: failed === 0 },
  ];
}

function answeringGoal({ about, p }: AnsweringTimes): Goal {
  const isToBeTold = about === TOLD_APART;
  return {
    goal: `${about}: whether there is one ${isToBeTold ? 'shows' : 'does not show'} by how long the answer takes, p ${isToBeTold ? '<' : '>'} ${LEAST_P}`,
    measured: fixed(p, 3),
    isMet: p > LEAST_P !== isToBeTold,
  };
}

function costGoals({ pages, painted }: WidgetCost): Goal[] {
  const heapMb = (pages.nudge.heapBytes - pages.bare.heapBytes) / 1e6;
  const shift = pages.nudge.layoutShift - pages.bare.layoutShift;
  const busyMs = pages.busy.scriptMs - pages.bare.scriptMs;
  return [
    {
      goal: `script before the page is idle, CPU 4 times slower: <= ${MOST_COST.busyScriptMs} ms`,
      measured: `${fixed(busyMs, 1)} ms`,
      isMet: busyMs <= MOST_COST.busyScriptMs,
    },
    {
      goal: `event -> painted at full speed: p99 <= ${MOST_COST.paintedMs} ms`,
      measured: `${fixed(painted.p99, 1)} ms`,
      isMet: painted.p99 <= MOST_COST.paintedMs,
    },
    {
      goal: `heap of the widget with a nudge: <= ${MOST_COST.heapMb} MB`,
      measured: `${fixed(heapMb, 2)} MB`,
      isMet: heapMb <= MOST_COST.heapMb,
    },
    { goal: 'layout shift caused: 0', measured: fixed(shift, 4), isMet: shift === 0 },
  ];
}

function acksGoal(quiet: readonly QuietRound[], side: keyof typeof LEAST_ACKS_OF_BARE): Goal {
  const part = quietRatio(quiet, side, ({ pushed }) => pushed);
  const where = side === 'redis' ? 'over Redis' : 'embedded';
  return {
    goal: `durable acks per hub CPU second, ${where}: >= ${percent(LEAST_ACKS_OF_BARE[side])} of bare emit and push`,
    measured: percent(part),
    isMet: part >= LEAST_ACKS_OF_BARE[side],
  };
}

function timesGoal(conditions: readonly ConditionsFigure[], other: keyof typeof LEAST_TIMES): Goal {
  const times = timesAsFast(conditions, other);
  return {
    goal: `conditions alone: >= ${LEAST_TIMES[other]} times as fast as ${other}`,
    measured: `${fixed(times, 1)} times`,
    isMet: times >= LEAST_TIMES[other],
  };
}

/** How many of Cartbell's evaluations of a rule take the CPU time of one of another engine's. */
export function timesAsFast(conditions: readonly ConditionsFigure[], other: ConditionsFigure['by']): number {
  const perSecond = (engine: ConditionsFigure['by']) =>
    conditions.find(({ by }) => by === engine)?.rulesPerSecond ?? Number.NaN;
  return perSecond('Cartbell') / perSecond(other);
}

/** Cartbell's acks per second of CPU as a part of what the bare server does of something. */
export function quietRatio(
  quiet: readonly QuietRound[],
  side: keyof typeof LEAST_ACKS_OF_BARE,
  ofBare: (round: QuietRound) => QuietRound['pushed'],
): number {
  const acks = quietMedian(quiet, side, ({ acked }) => acked.perServerCpuSecond);
  return acks / quietMedian(quiet, 'bare', (round) => ofBare(round)?.perServerCpuSecond ?? Number.NaN);
}

/** Cartbell's events per second as a part of the bare server's. */
export function ratioOf(sockets: SocketFigures, load: 'full' | 'sparse'): number {
  const perSecond = (side: 'cartbell' | 'bare') => medianOf(sockets, side, (round) => round[load].perSecond);
  return perSecond('cartbell') / perSecond('bare');
}
