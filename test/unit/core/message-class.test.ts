import { describe, expect, it } from 'vitest';
import { DAY } from '../support/durations.ts';
import { type GivenRule, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const failed = ruleOn('payment_failed', {
  class: 'transactional',
  nudge: { kind: 'toast', title: 'x', validFor: '1s' },
});
const added = ruleOn('add_to_cart', { nudge: { kind: 'toast', title: 'x', validFor: '1s' } });
const settings = { limit: { times: 1, per: '1d' }, cooldown: '1h' };

function story(
  rules: GivenRule[] = [failed, added],
  more: Parameters<typeof liveSite>[1] = { settings },
): Story {
  return new Story(liveSite(rules, more));
}

describe('what a shopper waits for', () => {
  it('passes the site’s cap and cooldown', () => {
    const shopper = story();
    shopper.adds('mug');
    shopper.sees();
    expect(firedIn(shopper.wait(2_000).server('payment_failed', {}, 'server-0001'))).toEqual([
      'on-payment-failed',
    ]);
  });

  it('takes no place under them', () => {
    const shopper = story();
    shopper.server('payment_failed', {}, 'server-0001');
    shopper.sees();
    expect(firedIn(shopper.wait(2_000).adds('mug'))).toEqual(['on-add-to-cart']);
  });

  it('keeps to its own rule’s limit', () => {
    const shopper = story([{ ...failed, limit: { times: 1, per: '1d' } }]);
    shopper.server('payment_failed', {}, 'server-0001');
    shopper.sees();
    shopper.wait(2_000);
    expect(heldBy(shopper.server('payment_failed', {}, 'server-0002'), 'on-payment-failed')).toMatchObject({
      by: 'limit',
    });
  });
});

describe('after an order', () => {
  const resting = { settings: { restAfterPurchase: '7d' } };

  it('nothing is sold for as long as the site says, to the millisecond', () => {
    const shopper = story([failed, added], resting);
    shopper.adds('mug');
    shopper.buys();
    const boughtAt = shopper.now;
    const held = heldBy(shopper.wait(7 * DAY - 1).adds('pot'), 'on-add-to-cart');
    expect(held).toMatchObject({ by: 'recent_purchase', until: boughtAt + 7 * DAY });
    expect(firedIn(shopper.server('payment_failed', {}, 'server-0001'))).toEqual(['on-payment-failed']);
    expect(firedIn(shopper.wait(1).adds('pot'))).toEqual(['on-add-to-cart']);
  });

  it('what the same moment brings beside it is not a part of it', () => {
    const shopper = story([failed, added], resting);
    shopper.buys();
    expect(heldBy(shopper.adds('pot'), 'on-add-to-cart')).toMatchObject({ by: 'recent_purchase' });
  });

  it('thanks for it are in order', () => {
    const shopper = story([ruleOn('purchase')], resting);
    shopper.adds('mug');
    expect(firedIn(shopper.buys())).toEqual(['on-purchase']);
  });
});
