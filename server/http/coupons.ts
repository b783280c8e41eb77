import type { Request } from 'express';
import { codeDigest } from '../core/code-digest.ts';
import { canonicalCode } from '../core/random.ts';
import type { Coupon } from '../core/shopper.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { Attempted, Attempts } from '../limits/attempts.ts';
import type { SiteId } from '../../shared/ids.ts';
import { Redeem, Release } from '../../shared/http-bodies.ts';
import type { ShopperKey, Store } from '../store/store.ts';
import type { Route } from './route.ts';

const LONGEST_CODE = 64;
const BODY_LIMIT = '4kb';

export interface CouponParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly attempts: Attempts;
}

/** Spends a code for one order, and gives it back when the order is off. Asking again for the same order changes nothing. */
export function couponRoutes(parts: CouponParts): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/coupons/:code/redeem',
      needs: 'server',
      bodyLimit: BODY_LIMIT,
      async handle(request, { site }) {
        const { orderId, value, client } = parse(Redeem, request.body);
        const found = await find(parts, site, codeIn(request), client);
        const worth = value === undefined ? {} : { value };
        const { nudge: _, order: __, digest: ___, ...coupon } = await redeem(parts, found, orderId, worth);
        return { ok: true, orderId, code: found.code, ...coupon };
      },
    },
    {
      method: 'post',
      path: '/v1/coupons/:code/release',
      needs: 'server',
      bodyLimit: BODY_LIMIT,
      async handle(request, { site }) {
        const { orderId, client } = parse(Release, request.body);
        const { key, digest } = await find(parts, site, codeIn(request), client);
        const { answer } = await parts.engine.submit(key, [{ kind: 'release', digest, order: orderId }]);
        const outcome = answer.kind === 'release' ? answer.outcome : 'unknown';
        if (outcome === 'released') return { ok: true, orderId };
        throw outcome === 'spent' ? spentByAnother() : unknown();
      },
    },
  ];
}

interface Found {
  readonly key: ShopperKey;
  readonly code: string;
  readonly digest: string;
}

function codeIn(request: Request): string {
  return String(request.params['code'] ?? '');
}

/** Whose code it is. Whoever guesses is not told whether the next one is right. */
async function find(
  { store, attempts }: CouponParts,
  site: SiteId,
  typed: string,
  client: string | undefined,
): Promise<Found> {
  // Where it is not said who guesses, all the shop's customers are asked for patience.
  const [what, by]: [Attempted, string] =
    client === undefined ? ['unknown_code_of_site', site] : ['unknown_code', `${site} ${client}`];
  refuseGuesser(await attempts.blockedFor(what, by));
  const code = canonicalCode(typed.slice(0, LONGEST_CODE));
  const digest = codeDigest(code);
  // Hubs before this one kept codes as they are.
  const shopper = (await store.findCoupon(site, digest)) ?? (await store.findCoupon(site, code));
  if (shopper !== null) return { key: { site, shopper }, code, digest };
  refuseGuesser(await attempts.count(what, by));
  throw unknown();
}

async function redeem(
  { engine }: CouponParts,
  { key, digest }: Found,
  order: string,
  worth: { value?: number },
): Promise<Coupon> {
  const { answer } = await engine.submit(key, [{ kind: 'redeem', digest, order, ...worth }]);
  const outcome = answer.kind === 'redeem' ? answer : ({ kind: 'redeem', outcome: 'unknown' } as const);
  switch (outcome.outcome) {
    case 'redeemed':
      return outcome.coupon;
    case 'below_minimum':
      throw new HubError('coupon_below_minimum', `This code is good for orders from ${outcome.minimum} on.`);
    case 'spent':
      throw spentByAnother();
    case 'expired':
      throw new HubError('coupon_expired', 'This code is past its deadline.');
    case 'unknown':
      throw unknown();
  }
}

function refuseGuesser(waitMs: number): void {
  if (waitMs > 0) throw new HubError('rate_limited', 'Too many unknown codes.', { retryAfterMs: waitMs });
}

function spentByAnother(): HubError {
  return new HubError('coupon_spent', 'Another order has spent this code.');
}

function unknown(): HubError {
  return new HubError('coupon_unknown', 'There is no such code.');
}
