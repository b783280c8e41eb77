import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acts, perform } from '../support/random-life.ts';
import { items } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { HOUR, MINUTE } from '../support/durations.ts';
import { Story } from '../support/story.ts';

const idle = (after: string) => ruleOn('cart_idle', { id: `idle-${after}`, after });

describe('the next deadline', () => {
  it.each<[what: string, story: () => Story, inMs: number | null]>([
    ['nothing is due for a new shopper', () => told([], () => undefined), null],
    ['nothing is due without a cart', () => told([idle('10s')], (story) => story.page('page_view')), null],
    ['a cart is due to be abandoned', () => told([], (story) => story.adds('mug')), HOUR],
    [
      'the shortest wait comes first',
      () => told([idle('1m'), idle('10s')], (story) => story.adds('mug')),
      10_000,
    ],
    [
      'then the next one',
      () => told([idle('1m'), idle('10s')], (story) => [story.adds('mug'), story.wait(10_000).clock()]),
      50_000,
    ],
    [
      'a wait may end after the cart is abandoned',
      () => told([idle('2h')], (story) => [story.adds('mug'), story.wait(HOUR).clock()]),
      HOUR,
    ],
    [
      'nothing is due once all waits are over and the cart is abandoned',
      () =>
        told([{ ...idle('10s'), when: { 'cart.value': 0 } }], (story) => {
          story.adds('mug');
          story.wait(10_000).clock();
          story.wait(HOUR).clock();
        }),
      null,
    ],
    [
      'a nudge is due to expire',
      () => told([countdownOn('add_to_cart')], (story) => story.adds('mug')),
      15 * MINUTE,
    ],
    [
      'activity puts off the cart’s deadlines',
      () => told([idle('10s')], (story) => [story.adds('mug'), story.wait(9_000).page('page_view')]),
      10_000,
    ],
    [
      'a purchase leaves nothing due',
      () => told([idle('10s')], (story) => [story.adds('mug'), story.buys()]),
      null,
    ],
    [
      'a nudge about something else is due even after a purchase',
      () => told([ruleOn('purchase')], (story) => [story.adds('mug'), story.buys()]),
      10 * MINUTE,
    ],
  ])('%s', (_, story, inMs) => {
    const { shopper, now } = story();
    expect(shopper.wakeAt).toBe(inMs === null ? null : now + inMs);
  });
});

function told(rules: Parameters<typeof liveSite>[0], tell: (story: Story) => unknown): Story {
  const story = new Story(liveSite(rules));
  tell(story);
  return story;
}

it('a clock leaves nothing due: no shopper is woken again and again for the same thing', () => {
  const live = liveSite([idle('10s'), idle('2h'), ruleOn('add_to_cart'), countdownOn('exit_intent')]);
  fc.assert(
    fc.property(acts(40), (life) => {
      const story = new Story(live);
      for (const act of life) {
        perform(story, act);
        story.clock();
        expect(story.shopper.wakeAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(story.now);
      }
    }),
    { numRuns: 120 },
  );
});

it('nothing happens by itself before the deadline', () => {
  const live = liveSite([idle('10s'), idle('2h'), ruleOn('add_to_cart'), countdownOn('exit_intent')]);
  fc.assert(
    fc.property(acts(40), (life) => {
      const story = new Story(live);
      for (const act of life) perform(story, act);
      const { wakeAt } = story.shopper;
      if (wakeAt === null) story.wait(1e12);
      else story.now = Math.max(story.now, wakeAt - 1);
      const before = story.shopper;
      if (wakeAt !== null && wakeAt <= story.now) return;
      expect(story.clock()).toMatchObject({ steps: [], reasons: [], effects: [] });
      expect(story.shopper).toBe(before);
    }),
    { numRuns: 120 },
  );
});

it('a shopper who comes late to a deadline finds it passed', () => {
  const story = told([countdownOn('add_to_cart')], (someone) => someone.adds('mug'));
  const decision = story.wait(15 * MINUTE).page('view_item', { items: items('pot') });
  expect(decision.ended).toMatchObject([{ why: 'expired' }]);
});
