import type { Request, Response } from 'express';
import { pino } from 'pino';
import { CaptureHours } from '../../../server/analytics/capture-health/capture-hours.ts';
import { startFolds } from '../../../server/analytics/log-folds.ts';
import { totalsFold } from '../../../server/analytics/totals.ts';
import { Contacts } from '../../../server/engine/contacts.ts';
import { RecoveryLinks } from '../../../server/engine/recovery-links.ts';
import { SealedTexts } from '../../../server/engine/sealed-text.ts';
import { Engine } from '../../../server/engine/engine.ts';
import { HubError } from '../../../server/engine/hub-error.ts';
import { secureSeeds } from '../../../server/engine/seeds.ts';
import { SiteRegistry } from '../../../server/engine/site-registry.ts';
import { Accounts } from '../../../server/accounts/accounts.ts';
import { Audit } from '../../../server/accounts/audit.ts';
import { Passwords } from '../../../server/accounts/passwords.ts';
import { People } from '../../../server/accounts/people.ts';
import { Sessions } from '../../../server/accounts/sessions.ts';
import { SignIn } from '../../../server/accounts/sign-in.ts';
import { ROLES } from '../../../shared/people.ts';
import { Callers } from '../../../server/http/callers.ts';
import type { SiteRoute } from '../../../server/http/route.ts';
import { allRoutes } from '../../../server/http/routes.ts';
import type { HubSocket } from '../../../server/hub/hub-socket.ts';
import { OpenPages } from '../../../server/hub/open-pages.ts';
import { Bearers } from '../../../server/hub/bearers.ts';
import { Tokens } from '../../../server/hub/token.ts';
import { PairModel } from '../../../server/learning/pair-model.ts';
import { AddressMarks } from '../../../server/limits/address-marks.ts';
import { Addresses } from '../../../server/limits/addresses.ts';
import { openAttempts } from '../../../server/limits/attempts.ts';
import { SiteBudgets } from '../../../server/limits/site-budgets.ts';
import { PUBLIC } from '../../../server/webhooks/reach.ts';
import { Webhooks } from '../../../server/webhooks/webhooks.ts';
import type { Store } from '../../../server/store/store.ts';
import { ShopperId, type SiteId } from '../../../shared/ids.ts';
import { SiteFile } from '../../../shared/site.ts';
import { rule, site as sampleSite } from '../../support/sample-site.ts';

/** What is nowhere but at one of the two sites. */
export const MARKS = { one: 'ONLYATONE', two: 'ONLYATTWO' } as const;
export type Name = keyof typeof MARKS;

export const OTHER = { one: 'two', two: 'one' } as const;

/** Shoppers of both sites have the same ids. */
export const SHOPPERS = Array.from({ length: 200 }, (_, index) =>
  ShopperId.parse(`shopper-${index}`.padEnd(22, '-')),
);

/** Both sites have the same rules, items, events, traits and segments, by their names. */
export function fileOf(name: Name) {
  const mark = MARKS[name];
  const product = (item_id: string) => ({
    item_id,
    item_name: `${mark} ${item_id}`,
    price: 20,
    url: `/${mark}`,
  });
  return sampleSite({
    id: name,
    publishableKey: `pk_${name}`,
    secretKey: `sk_${name}_secret`,
    settings: { holdoutPercent: 0, inspect: true },
    events: [{ name: 'quiz_finished', params: { answer: 'string' } }],
    traits: { note: 'string' },
    segments: [{ id: 'noted', when: { 'shopper.traits.note': `${mark} note` } }],
    products: [product('mug'), product('pot')],
    rules: [
      ruleOf(name, 'add_to_cart', 'on-cart'),
      ruleOf(name, 'quiz_finished', 'on-quiz'),
      ruleOf(name, 'api', 'on-call'),
    ],
  });
}

export function ruleOf(name: Name, on: string, id: string): Readonly<Record<string, unknown>> {
  const countdown = { kind: 'countdown', title: `${MARKS[name]} {{offer.code}}` };
  return rule(id, { on, nudge: countdown, offer: { percentOff: 10, validFor: '10s' } });
}

/** What came out to a site: an answer, or a message to one of its pages. */
export type Heard = (at: Name, what: string, text: string) => void;

/** A hub with two sites, whose ways out are listened to at both. */
export async function openHub(store: Store, heard: Heard) {
  const logger = pino({ level: 'silent' });
  const pairs = new PairModel();
  const captureHours = new CaptureHours();
  const sites = await SiteRegistry.open(store, (id) => pairs.learned(id), logger);
  for (const name of ['one', 'two'] as const) {
    const faults = await sites.importFile(SiteFile.parse(fileOf(name)));
    if (faults.length > 0) throw new Error(JSON.stringify(faults));
  }
  const pages = new OpenPages();
  const engine = new Engine({ store, sites, pages, seed: secureSeeds() });
  const folds = await startFolds(store, [totalsFold, pairs, captureHours], logger);
  const secret = await store.readSecret();
  const edge = {
    attempts: openAttempts,
    addresses: new Addresses(1_000),
    marks: new AddressMarks(secret),
    budgets: new SiteBudgets(() => null),
    trustProxy: 0,
  };
  const tokens = new Tokens(secret);
  const metrics = { contentType: 'text/plain', text: () => Promise.resolve('') };
  const bearers = new Bearers({ engine, sites, tokens });
  const contacts = new Contacts(new SealedTexts(secret));
  const links = new RecoveryLinks(secret);
  const heart = {
    store,
    engine,
    sites,
    tokens,
    bearers,
    contacts,
    links,
    folds,
    captureHours,
    metrics,
    logger,
  };
  const webhooks = new Webhooks({ store, logger, secret, outbound: { reach: PUBLIC } });
  const accounts = new Accounts(store.registers);
  const sessions = new Sessions(store, accounts, secret);
  const people = new People(store);
  const passwords = new Passwords({ ln: 4, r: 8, p: 1 });
  const signIn = new SignIn({ accounts, sessions, people, passwords, attempts: openAttempts, secret });
  const access = { accounts, sessions, people, signIn, audit: new Audit(store, logger) };
  const none = { adminKeyHash: null, publicUrl: null, widgetDir: '', faults: () => [] };
  const parts = { ...heart, ...edge, ...access, ...none, webhooks };
  const routes = allRoutes(parts, new Callers(parts)).filter((route): route is SiteRoute =>
    ['server', ...ROLES].includes(route.needs),
  );
  for (const name of ['one', 'two'] as const)
    for (const shopper of SHOPPERS) pages.add(pageOf(name as SiteId & Name, shopper, heard));
  return {
    engine,
    routes,
    /** Asks as a server of the site does, behind its key. */
    async ask(
      at: Name,
      method: string,
      path: string,
      given: Partial<Pick<Request, 'params' | 'body' | 'query'>>,
    ) {
      const route = routes.find((one) => one.method === method && one.path === path);
      if (!route) throw new Error(`There is no ${method} ${path}.`);
      const request = { params: {}, query: {}, accepts: () => 'json', ...given } as unknown as Request;
      const { response, written } = answering();
      const caller = {
        site: at as SiteId & Name,
        role: 'server',
        by: MARKS[at],
        person: null,
        author: {},
      } as const;
      let answer: unknown;
      try {
        answer = await route.handle(request, caller, response);
      } catch (error) {
        const known = HubError.from(error);
        if (known.code === 'internal') throw error;
        answer = known.body;
      }
      const text = (JSON.stringify(answer) ?? '') + written.join('');
      heard(at, `${method} ${path}`, text);
      return text;
    },
    async close() {
      await folds.stop();
      await store.close();
    },
  };
}

function pageOf(site: SiteId & Name, shopper: ShopperId, heard: Heard): HubSocket {
  const nothing = () => undefined;
  return {
    data: {
      visitor: {
        site,
        shopper,
        token: '',
        from: null,
        isReturning: false,
        tab: null,
        page: null,
        inspect: true,
      },
    },
    conn: { writeBuffer: [], transport: {} },
    on: nothing,
    disconnect: nothing,
    emit: (message: string, content: unknown) => heard(site, message, JSON.stringify(content) ?? ''),
  } as unknown as HubSocket;
}

function answering() {
  const written: string[] = [];
  const self = {
    destroyed: false,
    headersSent: false,
    on: () => self,
    once: () => self,
    type: () => self,
    attachment: () => self,
    flushHeaders: () => undefined,
    write: (piece: string) => written.push(piece) > 0,
    end: (piece = '') => void written.push(piece),
  };
  return { response: self as unknown as Response, written };
}
