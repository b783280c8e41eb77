import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CartStep } from '../../../server/core/cart.ts';
import { acts, perform } from '../support/random-life.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { HOUR } from '../support/durations.ts';
import { Story } from '../support/story.ts';

function stepsOf(tell: (story: Story) => void): CartStep[] {
  const story = new Story(liveSite([ruleOn('cart_idle')]));
  const input = story.input.bind(story);
  const steps: CartStep[] = [];
  story.input = (given) => {
    const decision = input(given);
    steps.push(...decision.steps);
    return decision;
  };
  tell(story);
  return steps;
}

it.each<[what: string, tell: (story: Story) => void, expected: CartStep[]]>([
  ['a cart is started once', (story) => [story.adds('mug'), story.adds('pot')], ['cart_started']],
  [
    'taking everything out empties it',
    (story) => [story.adds('mug'), story.page('view_cart', { items: [], value: 0 })],
    ['cart_started', 'cart_emptied'],
  ],
  ['buying it', (story) => [story.adds('mug'), story.buys()], ['cart_started', 'cart_purchased']],
  ['buying without a cart says nothing about carts', (story) => story.buys(), []],
  [
    'left alone, abandoned, returned to and bought',
    (story) => {
      story.adds('mug');
      story.wait(10_000).clock();
      story.wait(HOUR).clock();
      story.page('page_view');
      story.buys();
    },
    ['cart_started', 'cart_idle', 'cart_abandoned', 'cart_returned', 'cart_recovered'],
  ],
  [
    'the next cart is not recovered because the last one was',
    (story) => {
      story.adds('mug');
      story.wait(HOUR).buys();
      story.adds('mug');
      story.buys();
    },
    ['cart_started', 'cart_abandoned', 'cart_returned', 'cart_recovered', 'cart_started', 'cart_purchased'],
  ],
])('%s', (_, tell, expected) => {
  expect(stepsOf(tell)).toEqual(expected);
});

it('started carts are purchased, recovered, emptied or still open', () => {
  fc.assert(
    fc.property(acts(60), (life) => {
      const story = new Story(liveSite([ruleOn('cart_idle')]));
      const counts = new Map<CartStep, number>();
      const count = (step: CartStep) => counts.get(step) ?? 0;
      for (const act of life) {
        for (const step of perform(story, act).steps) counts.set(step, count(step) + 1);
        const open = story.shopper.cart.lines.length > 0 ? 1 : 0;
        expect(count('cart_started')).toBe(
          count('cart_purchased') + count('cart_recovered') + count('cart_emptied') + open,
        );
        expect(count('cart_recovered')).toBeLessThanOrEqual(count('cart_abandoned'));
        expect(count('cart_abandoned')).toBeLessThanOrEqual(count('cart_started'));
      }
    }),
    { numRuns: 120 },
  );
});

it('a view of the cart that leaves its items out does not empty it', () => {
  const story = new Story(liveSite([]));
  story.adds('mug');
  story.page('view_cart', {});
  expect(story.shopper.cart.lines).toHaveLength(1);
});
