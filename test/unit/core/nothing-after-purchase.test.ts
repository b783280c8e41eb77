import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY, MINUTE } from '../support/durations.ts';
import { acts, perform } from '../support/random-life.ts';
import { items } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, Story } from '../support/story.ts';

const live = liveSite([
  ruleOn('cart_idle', { id: 'idle-soon', after: '10s' }),
  countdownOn('cart_idle', { id: 'idle-late', after: '1h' }),
  ruleOn('add_to_cart'),
  countdownOn('exit_intent'),
  ruleOn('purchase'),
]);

const afterwards = fc.array(
  fc.record({
    does: fc.constantFrom('clock', 'late_add', 'late_cart', 'look', 'display', 'claim', 'buy_again'),
    wait: fc.oneof(fc.constantFrom(0, 1, 10_000, DAY), fc.nat({ max: 90 * MINUTE })),
    back: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 30 },
);

it('after a purchase nothing reminds of its cart, however late the rest of its history comes', () => {
  fc.assert(
    fc.property(acts(25), fc.boolean(), afterwards, (before, byServer, after) => {
      const story = new Story(live);
      for (const act of before) perform(story, act);
      const cartNudges = () => story.shopper.nudges.filter(({ aboutCart }) => aboutCart);
      // The pages have told all so far: a place of their own, so that what comes later can be older.
      story.page('page_view');
      const order = { transaction_id: 'the-order' };
      const bought = byServer ? story.server('purchase', order) : story.page('purchase', order);
      expect(cartNudges()).toEqual([]);
      expect(firedIn(bought).filter((rule) => rule.includes('idle'))).toEqual([]);
      const { rev } = story.shopper;
      for (const [index, { does, wait, back }] of after.entries()) {
        story.wait(wait);
        const place = { rev: Math.max(0, rev - back), id: `late-${String(index).padStart(6, '0')}` };
        const nudge = story.nudges[0]?.id ?? 'n_00000000';
        const decision =
          does === 'late_add'
            ? story.page('add_to_cart', { items: items('mug') }, place)
            : does === 'late_cart'
              ? story.page('view_cart', { items: items('pot') }, place)
              : does === 'look'
                ? story.page('view_item', { items: items('pot') })
                : does === 'display'
                  ? story.sees(nudge)
                  : does === 'claim'
                    ? story.claim(nudge)
                    : does === 'buy_again'
                      ? story.server('purchase', order)
                      : story.clock();
        expect(firedIn(decision).filter((rule) => rule.includes('idle'))).toEqual([]);
        expect(cartNudges()).toEqual([]);
        expect(story.shopper.cart.lines).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});
