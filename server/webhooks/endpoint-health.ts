import type { Registers } from '../store/registers.ts';
import { changeEntry } from '../engine/change-entry.ts';
import type { NoAnswer } from './outbound.ts';

/** One attempt to deliver a message, as the endpoint's owner sees it. */
export interface Attempt {
  readonly message: string;
  readonly type: string;
  /** 1 is the first. */
  readonly attempt: number;
  readonly at: number;
  readonly durationMs: number;
  readonly isDelivered: boolean;
  readonly status?: number;
  readonly reason?: NoAnswer;
}

export interface Health {
  /** Since when nothing but failures came of it; null: the last attempt was none, or there was none. */
  readonly failingSince: number | null;
  /** The newest first. */
  readonly attempts: readonly Attempt[];
}

const REGISTER = 'webhook-health';
const KEPT_ATTEMPTS = 50;
const FAILING_MS = 5 * 86_400_000;
/** Failures that are further apart are not one long failure: nothing was tried in between. */
const APART_MS = 86_400_000;

const noHealth: Health = { failingSince: null, attempts: [] };

/** What became of the last attempts. Those that come while others are written down are written down together. */
export class EndpointHealth {
  readonly #registers: Registers;
  readonly #waiting = new Map<string, Attempt[]>();

  constructor(registers: Registers) {
    this.#registers = registers;
  }

  async read(endpoint: string): Promise<Health> {
    const stored = await this.#registers.read(REGISTER, endpoint);
    return stored ? (JSON.parse(stored.text) as Health) : noHealth;
  }

  /** Whether the endpoint has failed for so long that it should be left alone; false where another call writes it down. */
  async note(endpoint: string, attempt: Attempt): Promise<boolean> {
    const waiting = this.#waiting.get(endpoint);
    if (waiting) {
      waiting.push(attempt);
      return false;
    }
    const attempts = [attempt];
    this.#waiting.set(endpoint, attempts);
    try {
      let after = noHealth;
      while (attempts.length > 0) {
        const some = attempts.splice(0);
        await changeEntry(this.#registers, REGISTER, endpoint, (text) => {
          after = some.reduce(healthAfter, text === null ? noHealth : (JSON.parse(text) as Health));
          return JSON.stringify(after);
        });
      }
      return hasFailedLong(after);
    } finally {
      this.#waiting.delete(endpoint);
    }
  }

  async forget(endpoint: string): Promise<void> {
    await changeEntry(this.#registers, REGISTER, endpoint, () => null);
  }

  /** Failures count anew; what was tried stays to be read. */
  async startAnew(endpoint: string): Promise<void> {
    await changeEntry(this.#registers, REGISTER, endpoint, (text) =>
      text === null ? undefined : JSON.stringify({ ...(JSON.parse(text) as Health), failingSince: null }),
    );
  }
}

export function healthAfter({ failingSince, attempts }: Health, attempt: Attempt): Health {
  const last = attempts[0]?.at ?? attempt.at;
  const since = failingSince === null || attempt.at - last > APART_MS ? attempt.at : failingSince;
  return {
    failingSince: attempt.isDelivered ? null : since,
    attempts: [attempt, ...attempts].slice(0, KEPT_ATTEMPTS),
  };
}

export function hasFailedLong({ failingSince, attempts: [last] }: Health): boolean {
  return failingSince !== null && last !== undefined && last.at - failingSince >= FAILING_MS;
}
