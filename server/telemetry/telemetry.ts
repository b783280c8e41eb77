import type { ErrorCode } from '../../shared/errors.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Nudge } from '../../shared/nudge.ts';
import type { Decision } from '../core/decide.ts';
import type { Input } from '../core/inputs.ts';

/** `unavailable`: the store could not be reached, or did not say what became of it. */
export type CommitEnd = 'ok' | 'conflict' | 'budget_spent' | 'erased' | 'unavailable' | 'failed';

/**
 * Told what happens, where it happens. Everything that is told is counted and no more: nothing here waits, fails or changes
 * what happens. Called for each event, so each call has to cost next to nothing.
 */
export interface Telemetry {
  /** Inputs whose decision is durable: so many of their events were new, so many had been counted before. */
  counted(events: number, duplicates: number): void;
  /** Inputs of which nothing is known to have happened; their sender was told why. */
  refused(inputs: number, code: ErrorCode): void;
  committed(end: CommitEnd, ms: number): void;
  /** One input, after its commit. `at`: the store's time of the decision. */
  decided(site: SiteId, at: number, input: Input, decision: Decision): void;
  /** A deadline was decided so long after it was due, by the store's clock. */
  deadlineDecided(lateMs: number): void;
  dueClaimed(shoppers: number): void;
  /** A nudge went to so many pages on this node. `since`: when a hub received what brought it about, by `wallClock`. */
  pushed(site: SiteId, nudge: Nudge, pages: number, since: number): void;
  /** A nudge that this node sent to itself came back after so long; null: it did not. */
  canary(ms: number | null): void;
}

/** For whoever is watched by other means. */
export const noTelemetry: Telemetry = {
  counted: () => undefined,
  refused: () => undefined,
  committed: () => undefined,
  decided: () => undefined,
  deadlineDecided: () => undefined,
  dueClaimed: () => undefined,
  pushed: () => undefined,
  canary: () => undefined,
};

/** A reading of `performance.now()` as milliseconds since 1970: between nodes as exact as their clocks. */
export function wallClock(reading = performance.now()): number {
  return performance.timeOrigin + reading;
}
