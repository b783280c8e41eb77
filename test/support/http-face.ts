import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { Accounts } from '../../server/accounts/accounts.ts';
import { Audit } from '../../server/accounts/audit.ts';
import { Passwords } from '../../server/accounts/passwords.ts';
import { People } from '../../server/accounts/people.ts';
import { Sessions } from '../../server/accounts/sessions.ts';
import { SignIn } from '../../server/accounts/sign-in.ts';
import { CaptureHours } from '../../server/analytics/capture-health/capture-hours.ts';
import { startFolds } from '../../server/analytics/log-folds.ts';
import { totalsFold } from '../../server/analytics/totals.ts';
import { Contacts } from '../../server/engine/contacts.ts';
import { RecoveryLinks } from '../../server/engine/recovery-links.ts';
import { SealedTexts } from '../../server/engine/sealed-text.ts';
import { Engine } from '../../server/engine/engine.ts';
import { secureSeeds } from '../../server/engine/seeds.ts';
import { SiteRegistry } from '../../server/engine/site-registry.ts';
import { Callers } from '../../server/http/callers.ts';
import type { Route } from '../../server/http/route.ts';
import { allRoutes, httpApp } from '../../server/http/routes.ts';
import { Bearers } from '../../server/hub/bearers.ts';
import { Tokens } from '../../server/hub/token.ts';
import { AddressMarks } from '../../server/limits/address-marks.ts';
import { Addresses } from '../../server/limits/addresses.ts';
import { type Attempts, createAttempts } from '../../server/limits/attempts.ts';
import { SiteBudgets } from '../../server/limits/site-budgets.ts';
import { PairModel } from '../../server/learning/pair-model.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { PUBLIC } from '../../server/webhooks/reach.ts';
import { Webhooks } from '../../server/webhooks/webhooks.ts';
import { Email, type Role } from '../../shared/people.ts';
import { SiteFile } from '../../shared/site.ts';
import { site } from './sample-site.ts';
import { tempDir } from './temp-dir.ts';

export const ADMIN_KEY = 'admin-key-of-a-test-0123456789abcdef';
export const PASSWORD = 'correct horse battery';

type AtEnd = (end: () => Promise<void>) => void;

export interface FaceOptions {
  readonly adminKey?: string | null;
  readonly publicUrl?: string | null;
  readonly attempts?: Attempts;
  readonly atEnd?: AtEnd;
  /** In place of the store that is opened, such as one that fails. */
  readonly store?: (store: Store) => Store;
}

/** Somebody who has signed in, as their browser would send it. */
export interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
}

/** A hub's face to HTTP in this process, on a real store, under a clock of the test's own, with quick passwords. */
export class HttpFace {
  readonly url: string;
  readonly app: Express;
  readonly routes: readonly Route[];
  readonly clock: { now: number };
  readonly sites: SiteRegistry;
  readonly people: People;
  readonly accounts: Accounts;
  readonly store: Store;

  private constructor(
    parts: Pick<HttpFace, 'url' | 'app' | 'routes' | 'clock' | 'sites' | 'people' | 'accounts' | 'store'>,
  ) {
    this.url = parts.url;
    this.app = parts.app;
    this.routes = parts.routes;
    this.clock = parts.clock;
    this.sites = parts.sites;
    this.people = parts.people;
    this.accounts = parts.accounts;
    this.store = parts.store;
  }

  static async open(options: FaceOptions = {}): Promise<HttpFace> {
    const { adminKey = ADMIN_KEY, publicUrl = null, atEnd = onTestFinished } = options;
    const clock = { now: Date.UTC(2026, 10, 27) };
    const opened = await SqliteStore.open(await tempDir(atEnd), () => clock.now);
    const store = options.store?.(opened) ?? opened;
    const logger = pino({ level: 'silent' });
    const pairs = new PairModel();
    const sites = await SiteRegistry.open(store, (id) => pairs.learned(id), logger);
    const captureHours = new CaptureHours();
    const folds = await startFolds(store, [totalsFold, pairs, captureHours], logger);
    const secret = await store.readSecret();
    const noPages = { connected: () => [], tell: () => undefined, startOver: () => undefined };
    const engine = new Engine({ store, sites, pages: noPages, seed: secureSeeds() });
    const tokens = new Tokens(secret);
    const attempts = options.attempts ?? createAttempts(null);
    const accounts = new Accounts(store.registers);
    const sessions = new Sessions(store, accounts, secret);
    const people = new People(store);
    const passwords = new Passwords({ ln: 4, r: 8, p: 1 });
    const parts = {
      store,
      engine,
      sites,
      folds,
      captureHours,
      logger,
      attempts,
      accounts,
      sessions,
      people,
      signIn: new SignIn({ accounts, sessions, people, passwords, attempts, secret }),
      audit: new Audit(store, logger),
      tokens,
      bearers: new Bearers({ engine, sites, tokens }),
      contacts: new Contacts(new SealedTexts(secret)),
      links: new RecoveryLinks(secret),
      marks: new AddressMarks(secret),
      addresses: new Addresses(10_000),
      budgets: new SiteBudgets((id) => sites.quota(id)),
      trustProxy: 1,
      publicUrl,
      adminKeyHash: adminKey === null ? null : createHash('sha256').update(adminKey).digest(),
      widgetDir: '/nowhere',
      webhooks: new Webhooks({ store, logger, secret, outbound: { reach: PUBLIC } }),
      faults: () => [],
      metrics: { contentType: 'text/plain', text: () => Promise.resolve('') },
    };
    const app = httpApp(parts);
    const http = createServer(app);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    atEnd(async () => {
      http.closeAllConnections();
      http.close();
      await folds.stop();
      await opened.close();
    });
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const routes = allRoutes(parts, new Callers(parts));
    return new HttpFace({ url, app, routes, clock, sites, people, accounts, store });
  }

  async addSite(more: Readonly<Record<string, unknown>> = {}): Promise<SiteFile> {
    const file = SiteFile.parse(site(more));
    const [fault] = await this.sites.importFile(file);
    if (fault) throw new Error(`${fault.path}: ${fault.message}`);
    return file;
  }

  /** Somebody with a role on a site who has not signed in. */
  async addPerson(email: string, id: SiteFile['id'], role: Role): Promise<Email> {
    const known = Email.parse(email);
    const { token } = await this.people.invite(id, known, role, 'operator');
    await this.ask('POST', '/v1/invitations/accept', { body: { token, password: PASSWORD } });
    return known;
  }

  async signIn(email: string, password = PASSWORD, from = '10.1.0.1'): Promise<SignedIn> {
    const answer = await this.ask('POST', '/v1/sign-in', { body: { email, password }, from });
    if (answer.status !== 200) throw new Error(`Not signed in: ${JSON.stringify(answer.body)}`);
    return signedIn(answer);
  }

  /** As a page of the hub's own asks, unless `headers` say otherwise. */
  async ask(
    method: string,
    path: string,
    {
      as,
      key,
      body,
      from = '10.1.0.1',
      headers = {},
    }: {
      as?: SignedIn | undefined;
      key?: string | undefined;
      body?: unknown;
      from?: string;
      headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Answer> {
    const own = { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': from };
    const session = as ? { cookie: as.cookie, 'x-csrf-token': as.csrf } : {};
    const bearer = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(this.url + path, {
      method,
      headers: withoutEmpty({
        'content-type': 'application/json',
        ...own,
        ...session,
        ...bearer,
        ...headers,
      }),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export function signedIn({ headers, body }: Answer): SignedIn {
  const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';');
  return { cookie, csrf: String(body['csrf']) };
}

/** A header that is empty is left out. */
function withoutEmpty(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}
