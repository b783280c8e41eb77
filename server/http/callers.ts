import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { People } from '../accounts/people.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Attempted, Attempts } from '../limits/attempts.ts';
import { clientAddress } from '../limits/client-address.ts';
import { SiteId } from '../../shared/ids.ts';
import { expectOwnPage } from './own-page.ts';
import type { HubCaller, SiteCaller } from './route.ts';
import { sessionTokenOf } from './session-cookie.ts';

const LONGEST_AUTHOR = 200;
const BEARER = /^Bearer (\S{1,200})$/;

export interface CallerParts {
  readonly sites: SiteRegistry;
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  readonly people: People;
  /** SHA-256 of the installation's key; null: it has none. */
  readonly adminKeyHash: Uint8Array | null;
  /** Where people reach the hub; null: where they ask. */
  readonly publicUrl: string | null;
  /** Proxies before the hub whose word on addresses is taken. */
  readonly trustProxy: number;
}

/** Who a request comes from. Throws a `HubError` for those who can't show it, and for those who ask too often. */
export class Callers {
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** By key, or else by session: a request that has both is the key's. */
  async ofSite(request: Request): Promise<SiteCaller> {
    const { sites } = this.#parts;
    const key = keyIn(request);
    if (key === undefined && sessionTokenOf(request) !== null)
      return this.#ofPerson(request, await this.ofSession(request));
    const found = key === undefined ? null : sites.bySecretKey(key);
    if (found === null) {
      await this.#allow('wrong_key', this.addressOf(request));
      throw new HubError('unauthorized', 'Send a site’s secret key: "Authorization: Bearer sk_…".');
    }
    await this.#allow('request', found.site);
    const { id, hint } = found.key;
    const from = authorOf(request);
    const author = { key: { id, hint }, ...(from === undefined ? {} : { from }) };
    return { site: found.site, role: 'server', by: from ?? 'api', person: null, author };
  }

  /** Who has signed in. What is to change something has to come from a page of the hub's own, and to show it by its token. */
  async ofSession(request: Request): Promise<Session> {
    const { sessions } = this.#parts;
    const token = sessionTokenOf(request);
    const session = token === null ? null : await sessions.find(token);
    if (!session) {
      await this.#allow('wrong_session', this.addressOf(request));
      throw new HubError('unauthorized', 'Sign in first.');
    }
    await this.#allow('request_of_person', session.email);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      this.expectOwnPage(request);
      if (!sessions.isCsrfToken(session.id, request.get('x-csrf-token') ?? ''))
        throw new HubError('forbidden', 'Send the session’s token: "X-CSRF-Token".');
    }
    return session;
  }

  async ofHub(request: Request): Promise<HubCaller> {
    const { adminKeyHash } = this.#parts;
    if (adminKeyHash === null) throw new HubError('not_found', 'There is nothing at this address.');
    const given = createHash('sha256')
      .update(keyIn(request) ?? '')
      .digest();
    if (!timingSafeEqual(given, adminKeyHash)) {
      await this.#allow('wrong_key', this.addressOf(request));
      throw new HubError('unauthorized', 'Send the hub’s admin key: "Authorization: Bearer …".');
    }
    const from = authorOf(request);
    return { by: from ?? 'operator', author: { adminKey: true, ...(from === undefined ? {} : { from }) } };
  }

  expectOwnPage({ headers }: Request): void {
    expectOwnPage(headers, this.#parts.publicUrl);
  }

  addressOf({ headers, socket }: Request): string {
    return clientAddress(headers, socket.remoteAddress, this.#parts.trustProxy);
  }

  /** Which of their sites they mean. One that is not theirs is answered like one that there is not. */
  async #ofPerson(request: Request, { email, account }: Session): Promise<SiteCaller> {
    const { sites, people } = this.#parts;
    const named = request.get('cartbell-site');
    const own = account.sites.filter((site) => sites.has(site));
    if (named === undefined && own.length > 1)
      throw new HubError('invalid', 'Say which of your sites: "Cartbell-Site: …".', {
        errors: [{ path: 'Cartbell-Site', message: 'Missing.' }],
      });
    const meant = named === undefined ? own[0] : SiteId.safeParse(named).data;
    const role = meant !== undefined && sites.has(meant) ? await people.roleOf(email, meant) : null;
    if (meant === undefined || role === null)
      throw new HubError('forbidden', 'You have no part in this site.');
    return { site: meant, role, by: email, person: email, author: { account: email } };
  }

  async #allow(what: Attempted, by: string): Promise<void> {
    const waitMs = await this.#parts.attempts.count(what, by);
    if (waitMs > 0) throw new HubError('rate_limited', 'Too many requests.', { retryAfterMs: waitMs });
  }
}

function keyIn({ headers }: Request): string | undefined {
  return BEARER.exec(headers.authorization ?? '')?.[1];
}

/** Who changes something, as RFC 9110 has it: `From: jo@shop.example`. */
function authorOf(request: Request): string | undefined {
  return request.get('from')?.slice(0, LONGEST_AUTHOR);
}
