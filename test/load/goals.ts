import type { Goal } from '../bench/goals.ts';
import { fixed, percent, whole } from '../bench/table.ts';
import { type Configuration, nameOf } from './configuration.ts';
import { sum } from './cpu-account.ts';
import { BARE, EMBEDDED, type Figures, medianOf, ONE_OVER_REDIS } from './figures.ts';
import { type Plan, PUSHES_PER_SECOND } from './plan.ts';

const MOST_MEMORY = 1.5;
const MOST_CONNECT_TIME = 2;
const MOST_PUSH_TIME = 2;
const LEAST_EVENTS = { embedded: 0.5, redis: 0.35 } as const;
const ONE_NODE = [
  ['embedded', EMBEDDED],
  ['redis', ONE_OVER_REDIS],
] as const;
const NAMES = { embedded: 'embedded', redis: 'Redis' } as const;

export const PARTS = ['events', 'sockets', 'pushes'] as const;
export type Part = (typeof PARTS)[number];

/** Of what these parts measure. */
export function goalsOf(figures: Figures, plan: Plan, parts: readonly Part[] = PARTS): Goal[] {
  const each = (goal: (side: keyof typeof NAMES, configuration: Configuration) => Goal) =>
    ONE_NODE.map(([side, configuration]) => goal(side, configuration));
  const goals: Record<Part, Goal[]> = {
    events: each((side, configuration) => eventsGoal(figures, side, configuration)),
    sockets: [
      ...each((side, configuration) => memoryGoal(figures, NAMES[side], configuration)),
      ...each((side, configuration) => connectGoal(figures, plan, NAMES[side], configuration)),
      ...each((side, configuration) => socketsGoal(figures, plan, NAMES[side], configuration)),
    ],
    pushes: [pushGoal(figures)],
  };
  return [...parts.flatMap((part) => goals[part]), failedGoal(figures)];
}

function memoryGoal({ sockets }: Figures, name: string, configuration: Configuration): Goal {
  const weight = (of: Configuration) => medianOf(sockets, of, (figure) => figure.weight.rss);
  const times = weight(configuration) / weight(BARE);
  return {
    goal: `memory per idle shopper, ${name}: <= ${MOST_MEMORY} times bare Socket.IO`,
    measured: `${fixed(times, 2)} times (${kilobytes(weight(configuration))} to ${kilobytes(weight(BARE))})`,
    isMet: times <= MOST_MEMORY,
  };
}

/** Bare Socket.IO is what it does when each event is answered by an ack and a push; Cartbell pushes one in ten. */
function eventsGoal({ events }: Figures, side: keyof typeof NAMES, configuration: Configuration): Goal {
  const bare = medianOf(events, BARE, ({ full }) => full.perHubCpuSecond);
  const own = medianOf(events, configuration, ({ sparse }) => sparse.perHubCpuSecond);
  const alike = [
    own / medianOf(events, BARE, ({ sparse }) => sparse.perHubCpuSecond),
    medianOf(events, configuration, ({ full }) => full.perHubCpuSecond) / bare,
  ];
  const [least, part] = [LEAST_EVENTS[side], own / bare];
  return {
    goal: `events with durable acks per hub CPU second, ${NAMES[side]}: >= ${percent(least)} of bare emit + push`,
    measured: `${percent(part)} (${whole(own)} to ${whole(bare)}; both with a nudge for 1 in 10: ${percent(alike[0] ?? Number.NaN)}, for each: ${percent(alike[1] ?? Number.NaN)})`,
    isMet: part >= least,
  };
}

function pushGoal({ pushes }: Figures): Goal {
  const p99 = (kind: 'redis' | 'sharded' | 'classic') =>
    medianOf(pushes, { kind, nodes: 2 }, ({ elsewhere }) => elsewhere?.p99 ?? Number.NaN);
  const times = p99('redis') / p99('sharded');
  return {
    goal: `event -> nudge on another node at ${PUSHES_PER_SECOND}/s: p99 <= ${MOST_PUSH_TIME} times the bare sharded adapter's`,
    measured: `${fixed(times, 2)} times (${fixed(p99('redis'), 1)} ms to ${fixed(p99('sharded'), 1)} ms; classic ${fixed(p99('classic'), 1)} ms)`,
    isMet: times <= MOST_PUSH_TIME,
  };
}

function connectGoal(
  { sockets }: Figures,
  { connects }: Plan,
  name: string,
  configuration: Configuration,
): Goal {
  const seconds = (of: Configuration) => medianOf(sockets, of, (figure) => figure.connectSeconds);
  const times = seconds(configuration) / seconds(BARE);
  return {
    goal: `${whole(connects)} connects, ${name}: within ${MOST_CONNECT_TIME} times bare Socket.IO's time`,
    measured: `${fixed(times, 2)} times (${fixed(seconds(configuration), 1)} s to ${fixed(seconds(BARE), 1)} s)`,
    isMet: times <= MOST_CONNECT_TIME,
  };
}

function socketsGoal({ sockets }: Figures, plan: Plan, name: string, { kind, nodes }: Configuration): Goal {
  const most = sockets.find((each) => each.kind === kind && each.nodes === nodes && each.most)?.most;
  const tried = plan.sockets === plan.socketsWanted ? '' : `, of ${whole(plan.sockets)} tried`;
  return {
    goal: `${whole(plan.socketsWanted)} sockets on one node, ${name}, and events still acked`,
    measured: most ? `${whole(most.open)} open${tried}, ${most.failed} events failed` : 'not measured',
    isMet: most !== null && most !== undefined && most.open >= plan.socketsWanted && most.failed === 0,
  };
}

function failedGoal({ events, sockets, pushes }: Figures): Goal {
  const failures = [
    ...events.map((figure) => ({
      name: nameOf(figure),
      failed: sum([figure.paced.failed, figure.full.failed, figure.sparse.failed]),
    })),
    ...sockets.map((figure) => ({ name: nameOf(figure), failed: figure.most?.failed ?? 0 })),
    ...pushes.map((figure) => ({ name: nameOf(figure), failed: figure.failed })),
  ];
  const failed = sum(failures.map((each) => each.failed));
  const where = new Set(failures.filter((each) => each.failed > 0).map(({ name }) => name));
  return {
    goal: 'no event refused or unanswered',
    measured:
      failures.length === 0
        ? 'not measured'
        : `${failed} failed${where.size === 0 ? '' : ` (${[...where].join('; ')})`}`,
    isMet: failures.length > 0 && failed === 0,
  };
}

function kilobytes(bytes: number): string {
  return `${fixed(bytes / 1000, 1)} kB`;
}
