import { Router } from 'express';
import { canonicalCode } from '../core/random.ts';
import type { Coupon } from '../core/shopper.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { SiteId } from '../../shared/ids.ts';
import { Redeem } from '../../shared/http-bodies.ts';
import type { Store } from '../store/store.ts';
import { jsonBehindKey, siteOf } from './secret-key.ts';

const LONGEST_CODE = 64;

/** `POST /v1/coupons/:code/redeem`: spends a code for one order. Asking again for the same order changes nothing. */
export function couponsRouter(store: Store, engine: Engine, sites: SiteRegistry): Router {
  const router = Router();
  router.post('/v1/coupons/:code/redeem', jsonBehindKey(sites, '4kb'), async (request, response) => {
    const site = siteOf(request, sites);
    const { orderId, value } = parse(Redeem, request.body);
    const typed = String(request.params['code'] ?? '');
    const { nudge: _, order: __, ...coupon } = await redeem(store, engine, site, typed, orderId, value);
    response.json({ ok: true, orderId, ...coupon });
  });
  return router;
}

async function redeem(
  store: Store,
  engine: Engine,
  site: SiteId,
  typed: string,
  order: string,
  value?: number,
): Promise<Coupon> {
  if (typed.length > LONGEST_CODE) throw new HubError('coupon_unknown', 'There is no such code.');
  const code = canonicalCode(typed);
  const shopper = await store.findCoupon(site, code);
  if (shopper === null) throw new HubError('coupon_unknown', 'There is no such code.');
  const { answer } = await engine.submit({ site, shopper }, [
    { kind: 'redeem', code, order, ...(value === undefined ? {} : { value }) },
  ]);
  const outcome = answer.kind === 'redeem' ? answer : ({ kind: 'redeem', outcome: 'unknown' } as const);
  switch (outcome.outcome) {
    case 'redeemed':
      return outcome.coupon;
    case 'below_minimum':
      throw new HubError('coupon_below_minimum', `This code is good for orders from ${outcome.minimum} on.`);
    case 'spent':
      throw new HubError('coupon_spent', 'Another order has spent this code.');
    case 'expired':
      throw new HubError('coupon_expired', 'This code is past its deadline.');
    case 'unknown':
      throw new HubError('coupon_unknown', 'There is no such code.');
  }
}
