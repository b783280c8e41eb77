import { median } from '../bench/percentiles.ts';
import type { Configuration } from './configuration.ts';
import type { EventFigure } from './event-runs.ts';
import type { PushFigure } from './push-runs.ts';
import type { SocketFigure } from './socket-runs.ts';

/** All that was measured, round by round. */
export interface Figures {
  readonly events: readonly EventFigure[];
  readonly sockets: readonly SocketFigure[];
  readonly pushes: readonly PushFigure[];
}

/** The median over the rounds of one configuration; NaN where there was none. */
export function medianOf<Figure extends Configuration>(
  figures: readonly Figure[],
  { kind, nodes }: Configuration,
  pick: (figure: Figure) => number,
): number {
  return median(figures.filter((each) => each.kind === kind && each.nodes === nodes).map(pick));
}

/** The configurations that figures are of, each once, in the order in which they came first. */
export function configurationsOf(figures: readonly Configuration[]): Configuration[] {
  const found = new Map(figures.map(({ kind, nodes }) => [`${kind} ${nodes}`, { kind, nodes }]));
  return [...found.values()];
}

/** In how many rounds a configuration was measured. */
export function roundsOf(figures: readonly Configuration[], { kind, nodes }: Configuration): number {
  return figures.filter((each) => each.kind === kind && each.nodes === nodes).length;
}

export const BARE: Configuration = { kind: 'bare', nodes: 1 };
export const EMBEDDED: Configuration = { kind: 'embedded', nodes: 1 };
export const ONE_OVER_REDIS: Configuration = { kind: 'redis', nodes: 1 };
