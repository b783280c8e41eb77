import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, type Machine, machineLines } from '../bench/machine.ts';
import { goalLines } from '../bench/report.ts';
import { Workshop } from '../bench/workshop.ts';
import { type Configuration, nameOf } from './configuration.ts';
import { coreLine, shareCores, spreadNodes } from './cores.ts';
import { PROGRAMS, type Surroundings } from './deployment.ts';
import { type EventFigure, measureEvents } from './event-runs.ts';
import { BARE, EMBEDDED, type Figures } from './figures.ts';
import { makeSocketRoom } from './file-limits.ts';
import { goalsOf, type Part, PARTS } from './goals.ts';
import { loadPlot } from './load-plot.ts';
import { type Plan, planOf, socketsWanted } from './plan.ts';
import { Progress } from './progress.ts';
import { measurePush, type PushFigure } from './push-runs.ts';
import { diskLines, eventLines, latencyLines, pushLines, rampLines, socketLines } from './report.ts';
import { goThrough, type Run } from './rounds.ts';
import { measureSockets, type SocketFigure } from './socket-runs.ts';
import { svgOf } from './svg-plot.ts';

const { values: options } = parseArgs({
  options: {
    /** To try it out, in two minutes. */
    quick: { type: 'boolean', default: false },
    /** Some of the parts. */
    only: { type: 'string', multiple: true, default: [...PARTS] },
    svg: { type: 'string' },
    json: { type: 'string' },
  },
});
const parts = PARTS.filter((part) => options.only.includes(part));
/** What a quick run or some parts show is not worth keeping, unless somebody asks for it. */
const isWhole = !options.quick && parts.length === PARTS.length;
const svgFile = options.svg ?? (isWhole ? 'docs/load.svg' : null);

async function run(plan: Plan, progress: Progress, note: string | null): Promise<boolean> {
  const machine = describeMachine();
  const commit = commitOf();
  const cores = shareCores(machine.cores);
  const about = [...machineLines(machine).slice(0, -1), machine.pins ? coreLine(cores) : unpinned, commit];
  show([...about, ...(options.quick ? [quickNote] : []), ...(note === null ? [] : [note])].join('\n'));

  progress.say('Building');
  const workshop = await Workshop.open(PROGRAMS);
  const events: EventFigure[] = [];
  const sockets: SocketFigure[] = [];
  const pushes: PushFigure[] = [];
  const figures: Figures = { events, sockets, pushes };
  const runs = runsOf({ events, sockets, pushes }, plan, { workshop, cores, pins: machine.pins }, progress);
  const left = await goThrough(runs, progress, plan.budgetMs);
  progress.clear();

  const lines: Record<Part, () => string[]> = {
    events: () => [eventLines(figures), latencyLines(figures), rampLines(figures)],
    sockets: () => [socketLines(figures, plan)],
    pushes: () => [pushLines(figures)],
  };
  for (const part of parts) for (const each of lines[part]()) show(each);
  const slow = diskLines(figures);
  if (slow.length > 0) show(slow.join('\n'));
  if (left.length > 0) show(['Left out:', ...left].join('\n'));
  const goals = goalsOf(figures, plan, parts);
  show(goalLines(goals));
  if (svgFile !== null) write(svgFile, svgOf(loadPlot(figures, plan.hubs, subtitleOf(machine, commit))));
  if (options.json !== undefined)
    write(options.json, `${JSON.stringify({ machine, commit, plan, ...figures, left, goals }, null, 2)}\n`);
  return left.length === 0 && goals.every(({ isMet }) => isMet);
}

function runsOf(
  to: { events: EventFigure[]; sockets: SocketFigure[]; pushes: PushFigure[] },
  plan: Plan,
  surroundings: Surroundings,
  progress: Progress,
): Run[] {
  const underWay = new Map<string, number>();
  const hubs = plan.hubs.map((nodes): Configuration => ({ kind: 'redis', nodes }));
  const speaker = (what: string, round: number) => (words: string) =>
    progress.say(`round ${round + 1}, ${what}: ${words}`);
  const begin = (
    name: string,
    rounds: number,
    go: (round: number, say: (words: string) => void) => Promise<void>,
  ) => ({
    name,
    rounds,
    go: (round: number) => {
      const say = speaker(name, round);
      say('starting');
      return go(round, say);
    },
  });
  const forEvents = [BARE, EMBEDDED, ...hubs].map((configuration) => {
    const name = nameOf(configuration);
    // No goal hangs on what several hubs do.
    const rounds = configuration.nodes === 1 ? plan.rounds : Math.min(2, plan.rounds);
    return begin(`events, ${name}`, rounds, async (round, say) => {
      const figure = await measureEvents(configuration, round, underWay.get(name), plan, surroundings, say);
      underWay.set(name, figure.underWay);
      to.events.push(figure);
    });
  });
  const weighed = plan.weighAllHubs ? hubs : hubs.slice(0, 1);
  const forSockets = [BARE, EMBEDDED, ...weighed].map((configuration) =>
    // No goal hangs on what several hubs weigh.
    begin(
      `sockets, ${nameOf(configuration)}`,
      configuration.nodes === 1 ? plan.rounds : 1,
      async (round, say) => {
        to.sockets.push(await measureSockets(configuration, round, plan, surroundings, say));
      },
    ),
  );
  const spread = { ...surroundings, cores: spreadNodes(surroundings.cores) };
  const forPushes = plan.pushNodes.flatMap((nodes, index) =>
    (['sharded', 'classic', 'redis'] as const).map((kind) =>
      begin(`push, ${nameOf({ kind, nodes })}`, index === 0 ? plan.rounds : 1, async (round, say) => {
        to.pushes.push(await measurePush({ kind, nodes }, round, plan, spread, say));
      }),
    ),
  );
  const all: Record<Part, Run[]> = { events: forEvents, sockets: forSockets, pushes: forPushes };
  return parts.flatMap((part) => all[part]);
}

function commitOf(): string {
  const git = (...words: string[]) => spawnSync('git', words, { encoding: 'utf8' }).stdout?.trim() ?? '';
  const changes = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', with changes';
  return `Commit ${git('rev-parse', '--short', 'HEAD') || 'unknown'}${changes}`;
}

function subtitleOf({ cpu, cores, node, loadAtStart }: Machine, commit: string): string {
  const day = new Date().toISOString().slice(0, 10);
  return `${cpu}, ${cores} cores, node ${node}, load at start ${loadAtStart.toFixed(1)}, ${commit.toLowerCase()}, ${day}`;
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(`Wrote ${file}`);
}

function show(text: string): void {
  console.log(`${text}\n`);
}

const unpinned =
  'Nothing is pinned to a core: no taskset here, or one core only. Figures disturb each other.';
const quickNote = 'A quick run, to see that it works: its figures are worth nothing.';

const unknown = options.only.filter((word) => !(PARTS as readonly string[]).includes(word));
if (unknown.length > 0) {
  console.error(`--only ${unknown.join(', ')}: there are ${PARTS.join(', ')}.`);
  process.exit(1);
}

const room = makeSocketRoom(socketsWanted(options.quick));
const plan = planOf(options.quick, room.sockets);

// All that is started ends with this process, and so do the folders: the exit handlers of those who made them see to it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
setTimeout(() => {
  console.error(`\nThis took longer than ${plan.limitMs / 1000} s.`);
  process.exit(1);
}, plan.limitMs).unref();

try {
  process.exit((await run(plan, new Progress(process.stderr, plan.limitMs), room.note)) ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
