import type { Request, Response } from 'express';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { codeDigest } from '../../server/core/code-digest.ts';
import { couponCode, randomFrom } from '../../server/core/random.ts';
import { newShopper } from '../../server/core/shopper.ts';
import { Engine } from '../../server/engine/engine.ts';
import { HubError } from '../../server/engine/hub-error.ts';
import { secureSeeds } from '../../server/engine/seeds.ts';
import { SiteRegistry } from '../../server/engine/site-registry.ts';
import { couponRoutes } from '../../server/http/coupons.ts';
import type { SiteRoute } from '../../server/http/route.ts';
import { PairModel } from '../../server/learning/pair-model.ts';
import { createAttempts } from '../../server/limits/attempts.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { ShopperId } from '../../shared/ids.ts';
import { SiteFile } from '../../shared/site.ts';
import { site as sampleSite } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const GUESSES = 100_000;
const CODE = 'AAAA-BBBB-CCCC-DDDD';

/** The door that a shop's till knocks at, without the network before it. */
async function till() {
  const store = await SqliteStore.open(await tempDir());
  onTestFinished(() => store.close());
  const logger = pino({ level: 'silent' });
  const pairs = new PairModel();
  const sites = await SiteRegistry.open(store, (id) => pairs.learned(id), logger);
  const file = SiteFile.parse(sampleSite());
  expect(await sites.importFile(file)).toEqual([]);
  const key = { site: file.id, shopper: ShopperId.parse('a'.repeat(22)) };
  const { version, madeBy, now: at } = await store.load(key, []);
  const digest = codeDigest(CODE);
  const coupon = { digest, nudge: 'nudge-1', percentOff: 10, expiresAt: at + 3_600_000, order: null };
  const document = { ...newShopper(key.shopper, at), coupons: [coupon] };
  const nothing = { counts: [], records: [], budgets: [] };
  await store.commit({ key, version, madeBy, at, document, coupons: [digest], ...nothing });
  const noPages = { connected: () => [], tell: () => undefined, startOver: () => undefined };
  const engine = new Engine({ store, sites, pages: noPages, seed: secureSeeds() });
  const routes = couponRoutes({ store, engine, attempts: createAttempts(null) }) as SiteRoute[];
  const redeem = routes.find(({ path }) => path.endsWith('/redeem'));
  return async (code: string, body: object): Promise<string> => {
    const request = { params: { code }, body } as unknown as Request;
    const caller = { site: file.id, role: 'server', by: 'test', person: null, author: {} } as const;
    try {
      await redeem?.handle(request, caller, {} as Response);
      return 'redeemed';
    } catch (error) {
      return HubError.from(error).code;
    }
  };
}

it('a hundred thousand guesses find no code, and are stopped after ten; others redeem meanwhile', async () => {
  const redeem = await till();
  const random = randomFrom([1, 2, 3, 4]);
  const answers = new Map<string, number>();
  for (let guess = 0; guess < GUESSES; guess++) {
    const answer = await redeem(couponCode(random), { orderId: 'order-1', client: '10.6.6.6' });
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  expect(Object.fromEntries(answers)).toEqual({ coupon_unknown: 10, rate_limited: GUESSES - 10 });
  // Not even a right one is told to whoever has guessed so often.
  expect(await redeem(CODE, { orderId: 'order-1', client: '10.6.6.6' })).toBe('rate_limited');
  expect(await redeem(CODE, { orderId: 'order-1', client: '10.1.0.1' })).toBe('redeemed');
});

it('where the shop does not say who guesses, three hundred wrong codes in ten minutes are enough', async () => {
  const redeem = await till();
  const random = randomFrom([1, 2, 3, 4]);
  const answers: string[] = [];
  for (let guess = 0; guess < 310; guess++)
    answers.push(await redeem(couponCode(random), { orderId: 'order-1' }));
  expect(answers.indexOf('rate_limited')).toBe(300);
});
