import { createHmac } from 'node:crypto';
import type { Email } from '../../shared/people.ts';
import { HubError, refuse } from '../engine/hub-error.ts';
import type { Attempts } from '../limits/attempts.ts';
import { type Account, type Accounts, takenIn } from './accounts.ts';
import type { Passwords } from './passwords.ts';
import type { Invitation, People } from './people.ts';
import type { Session, Sessions } from './sessions.ts';

const MOST_NETWORKS = 10;

export interface SignInParts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly people: People;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  /** Of the installation. */
  readonly secret: Uint8Array;
}

export interface SignedIn {
  readonly email: Email;
  readonly id: string;
  /** For the cookie. */
  readonly token: string;
}

/**
 * The ways in: by password, and by an invitation. An e-mail that nobody has and a password that is wrong are answered alike,
 * after the same work.
 */
export class SignIn {
  readonly #parts: SignInParts;
  readonly #secret: Buffer;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#secret = createHmac('sha256', parts.secret).update('networks of accounts').digest();
  }

  async byPassword(email: Email, password: string, address: string): Promise<SignedIn> {
    const { accounts, passwords } = this.#parts;
    await this.#allow('sign_in', address);
    const known = await accounts.read(email);
    const network = this.#networkOf(email, address);
    // Strangers may use up the account's tries: those are not counted for whoever comes from where its owner has come from.
    if (known?.networks.includes(network)) await this.#allow('sign_in_from_known', `${email} ${address}`);
    else await this.#allow('sign_in_from_elsewhere', email);
    const isRight = await passwords.matches(known?.password ?? null, password);
    if (!known || !isRight || known.disabled) throw refused();
    const fresh = passwords.isOutdated(known.password) ? await passwords.hash(password) : known.password;
    return this.#start(email, network, { found: known.password, kept: fresh, endsOthers: false });
  }

  /** All other sessions of the account are over then. */
  async changePassword(
    { email, account }: Session,
    old: string,
    next: string,
    address: string,
  ): Promise<SignedIn> {
    const { passwords } = this.#parts;
    await this.#allow('sign_in', address);
    expectNotEmail(email, next, 'new');
    if (!(await passwords.matches(account.password, old)))
      throw new HubError('forbidden', 'The old password is wrong.', {
        errors: [{ path: 'old', message: 'Wrong.' }],
      });
    const network = this.#networkOf(email, address);
    const kept = await passwords.hash(next);
    return this.#start(email, network, { found: account.password, kept, endsOthers: true });
  }

  /** Whom the token invites has the role and is signed in. Throws for a token that is not good, or no longer. */
  async byInvitation(token: string, password: string, address: string): Promise<SignedIn & Invitation> {
    const { people } = this.#parts;
    await this.#allow('sign_in', address);
    const invitation = await people.invitation(token);
    if (!invitation) throw spent();
    const hash = await this.#passwordOf(invitation, password);
    if (!(await people.accept(invitation, token))) throw spent();
    const network = this.#networkOf(invitation.email, address);
    const passed = { found: hash, kept: hash, endsOthers: false };
    return { ...invitation, ...(await this.#start(invitation.email, network, passed)) };
  }

  /**
   * The password that the invited account has then. Who invites knows the token, too: so an account that is there already
   * keeps its password, which has to be given. Who runs the installation may let it be set anew, where it was forgotten.
   */
  async #passwordOf({ email, site, by }: Invitation, password: string): Promise<string> {
    const { accounts, passwords } = this.#parts;
    expectNotEmail(email, password, 'password');
    const known = await accounts.read(email);
    if (known?.disabled) throw refused();
    if (known && by !== 'operator') {
      if (!(await passwords.matches(known.password, password))) throw refused();
      await accounts.change(email, (before) => takenIn(before, site));
      return known.password;
    }
    const hash = await passwords.hash(password);
    if (!known && (await accounts.create(email, hash, site))) return hash;
    if (by !== 'operator') throw refused();
    await accounts.change(email, (before) => ({ ...takenIn(before, site), password: hash, sessions: [] }));
    return hash;
  }

  /** `found`: the password that was right; whoever changed it meanwhile, or disabled the account, was first. */
  async #start(
    email: Email,
    network: string,
    { found, kept, endsOthers }: { found: string; kept: string; endsOthers: boolean },
  ): Promise<SignedIn> {
    const make = (account: Account): Account => {
      if (account.disabled || account.password !== found) throw refused();
      const networks = [...account.networks.filter((other) => other !== network), network];
      return {
        ...account,
        password: kept,
        sessions: endsOthers ? [] : account.sessions,
        networks: networks.slice(-MOST_NETWORKS),
      };
    };
    return { email, ...(await this.#parts.sessions.start(email, make)) };
  }

  async #allow(what: 'sign_in' | 'sign_in_from_known' | 'sign_in_from_elsewhere', by: string): Promise<void> {
    const waitMs = await this.#parts.attempts.count(what, by);
    if (waitMs > 0) throw new HubError('rate_limited', 'Too many tries.', { retryAfterMs: waitMs });
  }

  #networkOf(email: Email, address: string): string {
    return createHmac('sha256', this.#secret).update(`${email} ${address}`).digest('base64url').slice(0, 22);
  }
}

function expectNotEmail(email: Email, password: string, path: string): void {
  if (password.trim().toLowerCase() === email) refuse([{ path, message: 'A password is not the e-mail.' }]);
}

function refused(): HubError {
  return new HubError('unauthorized', 'The e-mail or the password is wrong.');
}

function spent(): HubError {
  return new HubError('not_found', 'This invitation was used, is over or never was.');
}
