/** CPU seconds of each node, in order, and of Redis behind them where there is one. */
export interface CpuShare {
  readonly nodes: readonly number[];
  readonly redis: number;
}

/** Takes apart what was read of a deployment's processes: its nodes, and Redis after them. */
export function shareOf(cpu: readonly number[], nodes: number): CpuShare {
  return { nodes: cpu.slice(0, nodes), redis: cpu[nodes] ?? 0 };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export interface Spent {
  readonly seconds: number;
  readonly share: CpuShare;
}

/** Microseconds of CPU. */
export interface MessageCost {
  readonly sender: number;
  /** NaN where there is no other node. */
  readonly receiver: number;
  /** On average over the nodes that had nothing to do with it; NaN where there is none. */
  readonly others: number;
  readonly redis: number;
}

/**
 * What one message costs each node beyond what that node does at rest. The first node sends, the second one receives. The
 * system counts CPU time in hundredths of a second, so a figure may be off by 10,000 µs over all of its messages.
 */
export function costPerMessage(during: Spent, atRest: Spent, messages: number): MessageCost {
  const micros = (busy: number, resting: number) =>
    ((busy - (resting * during.seconds) / atRest.seconds) * 1e6) / messages;
  const [sender = Number.NaN, receiver = Number.NaN, ...others] = during.share.nodes.map((busy, index) =>
    micros(busy, atRest.share.nodes[index] ?? Number.NaN),
  );
  return {
    sender,
    receiver,
    others: others.length === 0 ? Number.NaN : sum(others) / others.length,
    redis: micros(during.share.redis, atRest.share.redis),
  };
}
