import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Email, TOKEN } from '../../shared/people.ts';
import type { Store } from '../store/store.ts';
import type { Account, Accounts } from './accounts.ts';
import { Documents } from '../engine/documents.ts';
import { hashOfToken, randomToken } from './random-token.ts';

export const IDLE_MS = 12 * 3_600_000;
export const LONGEST_MS = 7 * 24 * 3_600_000;
/** That somebody is still there is noted so often at most. */
const NOTED_EVERY_MS = 5 * 60_000;
export const MOST_SESSIONS = 20;

const Kept = z.object({ email: Email, startedAt: z.number(), seenAt: z.number() });

export interface Session {
  readonly id: string;
  readonly email: Email;
  readonly account: Account;
}

/**
 * Who has signed in. A session is good while its entry is there and its account names it: so one write to the account ends
 * any or all of them, on every hub.
 */
export class Sessions {
  readonly #documents: Documents<typeof Kept>;
  readonly #store: Pick<Store, 'time' | 'registers'>;
  readonly #accounts: Accounts;
  readonly #secret: Buffer;

  /** `secret`: of the installation. */
  constructor(store: Pick<Store, 'time' | 'registers'>, accounts: Accounts, secret: Uint8Array) {
    this.#documents = new Documents(store.registers, 'sessions', Kept);
    this.#store = store;
    this.#accounts = accounts;
    // Other parts sign other things by the same secret: a key of its own keeps them apart.
    this.#secret = createHmac('sha256', secret).update('csrf tokens of sessions').digest();
  }

  /**
   * Starts one; resolves with its token, which is nowhere else. `make`: what else becomes of the account in the same step; it
   * throws where the account is no longer what was looked at.
   */
  async start(email: Email, make: (before: Account) => Account): Promise<{ id: string; token: string }> {
    const token = randomToken();
    const id = hashOfToken(token);
    const now = await this.#store.time();
    await this.#documents.change(id, () => ({
      value: { email, startedAt: now, seenAt: now },
      expiresAt: now + IDLE_MS,
    }));
    let dropped: readonly string[] = [];
    await this.#accounts.change(email, (before) => {
      const next = make(before);
      const sessions = [...next.sessions, id].slice(-MOST_SESSIONS);
      dropped = before.sessions.filter((other) => !sessions.includes(other));
      return { ...next, sessions };
    });
    for (const other of dropped) await this.#forget(other);
    return { id, token };
  }

  /** Null for one that is over, or never was. */
  async find(token: string): Promise<Session | null> {
    if (!TOKEN.test(token)) return null;
    const id = hashOfToken(token);
    const kept = await this.#documents.read(id);
    if (!kept) return null;
    const { email } = kept.value;
    const account = await this.#accounts.read(email);
    if (!account || account.disabled || !account.sessions.includes(id)) return null;
    const now = await this.#store.time();
    if (now - kept.value.seenAt >= NOTED_EVERY_MS) await this.#noteSeen(id, now);
    return { id, email, account };
  }

  async end({ id, email }: Session): Promise<void> {
    await this.#accounts.change(email, ({ sessions, ...rest }) => ({
      ...rest,
      sessions: sessions.filter((other) => other !== id),
    }));
    await this.#forget(id);
  }

  /** What a page of the hub's own sends along to show that it is one: no other can read it. */
  csrfToken(id: string): string {
    return createHmac('sha256', this.#secret).update(id).digest('base64url');
  }

  isCsrfToken(id: string, given: string): boolean {
    const expected = Buffer.from(this.csrfToken(id));
    const told = Buffer.from(given);
    return told.length === expected.length && timingSafeEqual(told, expected);
  }

  async #noteSeen(id: string, now: number): Promise<void> {
    await this.#documents.change(
      id,
      (kept) =>
        kept && {
          value: { ...kept, seenAt: now },
          expiresAt: Math.min(now + IDLE_MS, kept.startedAt + LONGEST_MS),
        },
    );
  }

  #forget(id: string): Promise<void> {
    return this.#documents.change(id, (kept) => kept && { value: null });
  }
}
