/** How much is measured, and for how long. */
export interface Plan {
  /** Of what a goal hangs on. */
  readonly rounds: number;
  /** No run is begun after this time, */
  readonly budgetMs: number;
  /** and all is over by this one, whatever hangs. */
  readonly limitMs: number;
  /** Hubs over one Redis. */
  readonly hubs: readonly number[];
  /** Nodes between which nudges are pushed. */
  readonly pushNodes: readonly number[];
  readonly ramp: readonly RampLevel[];
  readonly rampMs: number;
  /** Shoppers who send events when it is not the ramp's turn. */
  readonly shoppers: number;
  /** Shoppers with pages on two nodes. */
  readonly pairs: number;
  readonly warmMs: number;
  readonly pacedMs: number;
  readonly levelMs: number;
  readonly fullMs: number;
  /** Sockets of each node that come and go before any are counted: memory that is taken once is no socket's. */
  readonly warmSockets: number;
  /** Whether several hubs are weighed too. */
  readonly weighAllHubs: boolean;
  /** Sockets whose connecting is timed and that are weighed, */
  readonly connects: number;
  /** how many are to be on one node in the end, */
  readonly socketsWanted: number;
  /** and for how many the system has room. */
  readonly sockets: number;
  readonly pushMs: number;
}

interface RampLevel {
  readonly shoppers: number;
  readonly perSecond: number;
}

export const PACE_PER_SECOND = 500;
export const PUSHES_PER_SECOND = 500;

const doubling = (levels: number): RampLevel[] =>
  Array.from({ length: levels }, (_, index) => ({ shoppers: 100 * 2 ** index, perSecond: 500 * 2 ** index }));

const full: Plan = {
  rounds: 3,
  budgetMs: 560_000,
  limitMs: 600_000,
  hubs: [1, 2, 4],
  pushNodes: [2, 8],
  ramp: doubling(6),
  rampMs: 1_200,
  shoppers: 800,
  pairs: 200,
  warmMs: 1_000,
  pacedMs: 3_000,
  levelMs: 800,
  fullMs: 2_500,
  warmSockets: 500,
  weighAllHubs: true,
  connects: 5_000,
  socketsWanted: 10_000,
  sockets: 10_000,
  pushMs: 4_000,
};

/** To try it out: what it says is worth nothing. */
const quick: Plan = {
  ...full,
  rounds: 1,
  budgetMs: 105_000,
  limitMs: 120_000,
  hubs: [1, 2],
  pushNodes: [2, 3],
  ramp: doubling(2),
  rampMs: 400,
  shoppers: 200,
  pairs: 50,
  warmMs: 300,
  pacedMs: 1_000,
  levelMs: 300,
  fullMs: 600,
  warmSockets: 100,
  weighAllHubs: false,
  connects: 500,
  socketsWanted: 1_000,
  sockets: 1_000,
  pushMs: 1_000,
};

/** With no more sockets than each process may have. */
export function planOf(isQuick: boolean, mostSockets: number): Plan {
  const plan = isQuick ? quick : full;
  const sockets = Math.min(plan.sockets, mostSockets);
  return { ...plan, sockets, connects: Math.min(plan.connects, sockets) };
}

export function socketsWanted(isQuick: boolean): number {
  return (isQuick ? quick : full).socketsWanted;
}
