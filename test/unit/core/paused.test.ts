import { expect, it } from 'vitest';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { HOUR } from '../support/durations.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const rules = [countdownOn('add_to_cart'), ruleOn('payment_failed', { class: 'transactional' })];
const paused = liveSite(rules, { settings: { paused: true } });

it('a site that is paused shows nothing, not even what shoppers wait for, and says so', () => {
  const story = new Story(paused);
  expect(heldBy(story.adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'site_paused' });
  expect(heldBy(story.server('payment_failed'), 'on-payment-failed')).toMatchObject({ by: 'site_paused' });
});

it('what is shown goes; the code that was handed out stays good', () => {
  const story = new Story(liveSite(rules));
  story.adds('mug');
  story.sees();
  story.live = paused;
  const decision = story.clock();
  expect(decision.effects).toMatchObject([{ kind: 'withdraw', reason: 'paused' }]);
  expect(decision.ended).toMatchObject([{ why: 'paused', displayed: true }]);
  expect(story.redeem(story.shopper.coupons[0]?.digest ?? '').answer).toMatchObject({ outcome: 'redeemed' });
});

it('journeys wait, and go on when the site does', () => {
  const nudge = { kind: 'toast', title: 'Again' } as const;
  const journey = ruleOn('add_to_cart', { steps: [{ id: 'again', after: '1h', nudge }] });
  const story = new Story(liveSite([journey]));
  story.adds('mug');
  story.live = liveSite([journey], { settings: { paused: true } });
  expect(firedIn(story.wait(HOUR).clock())).toEqual([]);
  story.live = liveSite([journey]);
  expect(firedIn(story.wait(HOUR).clock())).toEqual(['on-add-to-cart/again']);
});
