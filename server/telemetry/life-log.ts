import type { Logger } from 'pino';

/** What may happen to a nudge, in this order. */
export const MOMENTS = ['decided', 'pushed', 'claimed', 'displayed', 'clicked', 'ended'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What a line tells. The nudge's id is the thread: the same on every node, from the event that caused it to its end. */
export interface LifeLine {
  readonly site: string;
  readonly nudge: string;
  readonly rule?: string;
  /** What it was decided on, and where that was an event, the event's id. */
  readonly input?: string;
  readonly event?: string | undefined;
  /** How many pages it was pushed to, and how long that took since a hub had received its cause. */
  readonly pages?: number;
  readonly ms?: number;
  /** Why it ended, and whether it had been displayed. */
  readonly why?: string;
  readonly displayed?: boolean;
}

const MOST_LINES_PER_SECOND = 100;

/**
 * The lives of nudges in the log, a line a moment: `grep` one id over all hubs. A line takes ten times what
 * all other telemetry of an event does, so there is a bound a second; at the level `debug` there is none. What is left out
 * here is counted by the metrics and is in the store's log, with its reasons.
 */
export class LifeLog {
  readonly #logger: Logger;
  readonly #isOn: boolean;
  readonly #isUnbound: boolean;
  #left = MOST_LINES_PER_SECOND;
  #filledAt = performance.now();
  #leftOut = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#isOn = logger.isLevelEnabled('info');
    this.#isUnbound = logger.isLevelEnabled('debug');
  }

  tell(moment: Moment, line: LifeLine): void {
    if (this.#isOn && (this.#isUnbound || this.#mayTell())) this.#logger.info(line, `nudge ${moment}`);
  }

  #mayTell(): boolean {
    const now = performance.now();
    if (now - this.#filledAt >= 1_000) {
      if (this.#leftOut > 0) this.#logger.info({ lines: this.#leftOut }, 'lines on nudges were left out');
      this.#leftOut = 0;
      this.#filledAt = now;
      this.#left = MOST_LINES_PER_SECOND;
    }
    if (this.#left > 0) {
      this.#left--;
      return true;
    }
    this.#leftOut++;
    return false;
  }
}
