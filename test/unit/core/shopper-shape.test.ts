import { expect, it } from 'vitest';
import { codeDigest } from '../../../server/core/code-digest.ts';
import { currentShape, newShopper } from '../../../server/core/shopper.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, SHOPPER, START, Story } from '../support/story.ts';

it('a document that an older hub wrote lives on', () => {
  const {
    timeZone,
    visit,
    place,
    waited,
    views,
    session,
    traits,
    consents,
    orders,
    preferences,
    segments,
    ...common
  } = newShopper(SHOPPER, START);
  const past = [{ nudge: 'n_0000000000000000', rule: 'old', at: START, dismissedAt: null }];
  const story = new Story(liveSite([ruleOn('add_to_cart')]));
  const coupon = { nudge: 'n_0000000000000000', percentOff: 10, expiresAt: START, order: null };
  const coupons = [{ ...coupon, code: 'abcd-efgh-jkmn-0123' }];
  const oldOrders = { ...orders, count: 1, spent: 5, recent: ['order-1'] };
  story.shopper = currentShape({ ...common, v: 1, past, coupons, orders: oldOrders });
  expect(story.shopper).toMatchObject({ v: 5, timeZone, place, waited, views, session, traits });
  expect(story.shopper).toMatchObject({ consents, preferences, segments });
  expect(story.shopper.orders).toEqual({ ...oldOrders, recent: [{ id: 'order-1', value: null }] });
  expect(story.shopper.coupons).toEqual([{ ...coupon, digest: codeDigest('ABCD-EFGH-JKMN-0123') }]);
  expect(visit.number).toBe(0);
  expect(story.shopper.visit.number).toBe(1);
  expect(story.shopper.past[0]).toMatchObject({ rule: 'old', displayedAt: null, clickedAt: null });
  expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
});

it('visits are parted by half an hour in which the shopper did nothing', () => {
  const story = new Story(liveSite([]));
  story.page('page_view');
  const left = story.now;
  story.wait(30 * 60_000).page('page_view');
  expect(story.shopper.visit).toMatchObject({ number: 1, previousEndedAt: null });
  const back = story.wait(30 * 60_000 + 1);
  back.page('page_view');
  expect(story.shopper.visit).toEqual({
    number: 2,
    startedAt: story.now,
    previousEndedAt: left + 30 * 60_000,
  });
});
