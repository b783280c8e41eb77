import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureAbuse } from './abuse-rounds.ts';
import { measureAnsweringTimes } from './answering-times.ts';
import type { BacktestFigure } from './backtest.ts';
import type { ConditionsFigure } from './conditions.ts';
import type { CoreFigure } from './core-decisions.ts';
import { goalsOf } from './goals.ts';
import { measureLimits } from './limit-rounds.ts';
import { describeMachine, machineLines } from './machine.ts';
import { PinnedProcess } from './pinned-process.ts';
import {
  abuseLines,
  answeringLines,
  backtestLines,
  conditionsLines,
  coreLines,
  costLines,
  goalLines,
  limitCostLines,
  limitLines,
  pacedLines,
  quietLines,
  storeLines,
  widgetLines,
} from './report.ts';
import { measureQuiet } from './quiet-rounds.ts';
import { measureSockets } from './socket-rounds.ts';
import type { StoreFigure } from './store.ts';
import { measureWidgetCost } from './widget-cost.ts';
import { widgetSizes } from './widget-sizes.ts';
import { Workshop } from './workshop.ts';

const END_WITHIN_MS = 1_200_000;

const { values: options } = parseArgs({ options: { json: { type: 'string' } } });

async function run(): Promise<boolean> {
  const machine = describeMachine();
  show(machineLines(machine).join('\n'));
  const workshop = await Workshop.open();
  const figuresOf = async (program: 'core-decisions' | 'conditions' | 'store' | 'backtest') => {
    const env = { BENCH_DIR: workshop.freshDir() };
    // A backtest reads in one thread and rehearses in another.
    const pins = program !== 'backtest' && machine.pins;
    const child = new PinnedProcess(0, workshop.program(program), env, pins);
    const figures = await child.ask();
    await child.stop();
    return figures;
  };

  const sockets = await measureSockets(workshop, machine.pins);
  show(pacedLines(sockets));
  show(limitLines(sockets));
  const quiet = await measureQuiet(workshop, machine.pins);
  show(quietLines(quiet));
  const core = (await figuresOf('core-decisions')) as CoreFigure[];
  show(coreLines(core));
  const conditions = (await figuresOf('conditions')) as ConditionsFigure[];
  show(conditionsLines(conditions));
  const widget = widgetSizes();
  show(widgetLines(widget));
  const cost = await measureWidgetCost(workshop);
  show(costLines(cost));
  const store = (await figuresOf('store')) as StoreFigure[];
  show(storeLines(store));

  const backtest = (await figuresOf('backtest')) as BacktestFigure[];
  show(backtestLines(backtest));
  const limits = await measureLimits(workshop, machine.pins);
  show(limitCostLines(limits));
  const abuse = await measureAbuse(workshop, machine.pins);
  show(abuseLines(abuse));
  const answering = await measureAnsweringTimes(workshop, machine.pins);
  show(answeringLines(answering));

  const measured = { sockets, quiet, core, conditions, widget, cost, backtest, limits, abuse, answering };
  const goals = goalsOf(measured);
  show(goalLines(goals));
  const figures = { machine, ...measured, store, goals };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  return goals.every(({ isMet }) => isMet);
}

function show(text: string): void {
  console.log(`${text}\n`);
}

// All that is started ends with this process, and so do the folders: the exit handlers of those who made them see to it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
setTimeout(() => {
  console.error(`The benchmark took longer than ${END_WITHIN_MS / 1000} s.`);
  process.exit(1);
}, END_WITHIN_MS).unref();

try {
  process.exit((await run()) ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
