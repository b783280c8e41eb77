import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide, type Decision } from '../../../server/core/decide.ts';
import type { Input } from '../../../server/core/inputs.ts';
import { randomFrom } from '../../../server/core/random.ts';
import type { Shopper } from '../../../server/core/shopper.ts';
import { acts, perform } from '../support/random-life.ts';
import { eventOf, items } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { Story } from '../support/story.ts';

const live = liveSite([
  countdownOn('add_to_cart'),
  ruleOn('cart_idle'),
  ruleOn('exit_intent'),
  ruleOn('purchase'),
]);

const adding: Input = {
  kind: 'event',
  source: 'page',
  event: eventOf({ id: 'event-000001', name: 'add_to_cart', rev: 1, params: { items: items('mug') } }),
};

function said(decision: Decision): Decision {
  const {
    shopper,
    effects,
    reasons,
    steps,
    ended,
    together,
    entered,
    left,
    journeys,
    redeemed,
    coupons,
    budgets,
    startsOver,
    isUnkept,
    answer,
  } = decision;
  return {
    shopper,
    effects,
    reasons,
    steps,
    ended,
    together,
    entered,
    left,
    journeys,
    redeemed,
    coupons,
    budgets,
    startsOver,
    isUnkept,
    answer,
  };
}

it('the same input with the same seed gives the same decision', () => {
  fc.assert(
    fc.property(acts(30), fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), (life, seed) => {
      const story = new Story(live);
      for (const act of life) perform(story, act);
      const { shopper, now } = story;
      const copy = JSON.parse(JSON.stringify(shopper)) as Shopper;
      const first = decide(shopper, adding, live, now, randomFrom(seed));
      expect(said(decide(copy, adding, live, now, randomFrom(seed)))).toEqual(said(first));
    }),
    { numRuns: 60 },
  );
});

it('another seed gives another code', () => {
  const { shopper, now } = new Story(live);
  const codes = [1, 2].map(
    (seed) => decide(shopper, adding, live, now, randomFrom([seed, 0, 0, 0])).coupons[0],
  );
  expect(codes[0]).not.toBe(codes[1]);
});

it('a document outlives being stored: nothing in it is lost as JSON', () => {
  fc.assert(
    fc.property(acts(40), (life) => {
      const story = new Story(live);
      for (const act of life) perform(story, act);
      expect(JSON.parse(JSON.stringify(story.shopper))).toEqual(story.shopper);
    }),
    { numRuns: 60 },
  );
});
