import type { Invariant } from './observer/violation.ts';

/** A bug that someone might well write, put into the real code for the length of a simulation. */
export interface PlantedFault {
  readonly name: string;
  /** From the project's root. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What notices it. */
  readonly breaks: readonly Invariant[];
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [];
