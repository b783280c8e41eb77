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
    const isRight = await this.#isPasswordOf(email, known, password, address);
    if (!known || !isRight || known.disabled) throw refused();
    const fresh = passwords.isOutdated(known.password) ? await passwords.hash(password) : known.password;
    const network = this.#networkOf(email, address);
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
    if (!(await this.#isPasswordOf(email, account, old, address)))
      throw new HubError('forbidden', 'The old password is wrong.', {
        errors: [{ path: 'old', message: 'Wrong.' }],
      });
    const network = this.#networkOf(email, address);
    const kept = await passwords.hash(next);
    return this.#start(email, network, { found: account.password, kept, endsOthers: true });
  }

  /**
   * Whom the token invites has the role and is signed in. Throws for a token that is not good, or no longer. `note` is waited for before
   * anything is changed.
   */
  async byInvitation(
    token: string,
    password: string,
    address: string,
    note: (invitation: Invitation) => Promise<void>,
  ): Promise<SignedIn & Invitation> {
    const { people } = this.#parts;
    await this.#allow('sign_in', address);
    const invitation = await people.invitation(token);
    if (!invitation) throw spent();
    const hash = await this.#passwordOf(invitation, password, address);
    await note(invitation);
    // Whoever spends it sets the password, and nobody else who has it.
    if (!(await people.accept(invitation, token))) throw spent();
    await this.#takeIn(invitation, hash);
    const network = this.#networkOf(invitation.email, address);
    const passed = { found: hash, kept: hash, endsOthers: false };
    return { ...invitation, ...(await this.#start(invitation.email, network, passed)) };
  }

  /**
   * The password that the invited account has then. Who invites knows the token, too: so an account that is there already
   * keeps its password, which has to be given. Who runs the installation may let it be set anew, where it was forgotten.
   */
  async #passwordOf({ email, by }: Invitation, password: string, address: string): Promise<string> {
    const { accounts, passwords } = this.#parts;
    expectNotEmail(email, password, 'password');
    const known = await accounts.read(email);
    if (known?.disabled) throw refused();
    if (!known || by === 'operator') return passwords.hash(password);
    if (!(await this.#isPasswordOf(email, known, password, address))) throw refused();
    return known.password;
  }

  async #takeIn({ email, site, by }: Invitation, hash: string): Promise<void> {
    const { accounts } = this.#parts;
    if (await accounts.create(email, hash, site)) return;
    await accounts.change(email, (before) => {
      const account = takenIn(before, site);
      return by === 'operator' ? { ...account, password: hash, sessions: [] } : account;
    });
  }

  /**
   * Counts one more try of the account's password, by whatever way. Strangers may use up its tries: those are not counted for whoever
   * comes from where its owner has come from.
   */
  async #isPasswordOf(
    email: Email,
    account: Account | null,
    password: string,
    address: string,
  ): Promise<boolean> {
    const isFromKnown = account?.networks.includes(this.#networkOf(email, address)) === true;
    if (isFromKnown) await this.#allow('sign_in_from_known', `${email} ${address}`);
    else await this.#allow('sign_in_from_elsewhere', email);
    return this.#parts.passwords.matches(account?.password ?? null, password);
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
