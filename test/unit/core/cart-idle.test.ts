import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../server/core/decide.ts';
import { items } from '../support/sample-event.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { firedIn, Story } from '../support/story.ts';

const idleAfter = (after: string, id = 'on-cart-idle') => ruleOn('cart_idle', { id, after });

function leftAlone(...afters: string[]): Story {
  const story = new Story(liveSite(afters.map((after) => idleAfter(after, `idle-${after}`))));
  story.adds('mug');
  return story;
}

describe('a cart left alone', () => {
  it.each([
    ['1s', 1_000],
    ['10s', 10_000],
    ['1h', HOUR],
    ['7d', 7 * DAY],
  ])('is idle after %s, and not a millisecond early', (after, ms) => {
    const story = leftAlone(after);
    expect(firedIn(story.wait(ms - 1).clock())).toEqual([]);
    expect(firedIn(story.wait(1).clock())).toEqual([`idle-${after}`]);
  });

  it('each wait has one turn', () => {
    const story = leftAlone('10s', '1m');
    expect(firedIn(story.wait(10_000).clock())).toEqual(['idle-10s']);
    expect(firedIn(story.clock())).toEqual([]);
    expect(firedIn(story.wait(50_000).clock())).toEqual(['idle-1m']);
    expect(firedIn(story.wait(DAY).clock())).toEqual([]);
  });

  it('a late clock gives all that is due its turn at once, and the most important one wins', () => {
    const story = leftAlone('10s', '1m');
    const decision = story.wait(HOUR / 2).clock();
    expect(firedIn(decision)).toEqual(['idle-10s']);
    expect(decision.reasons[1]).toMatchObject({ rule: 'idle-1m', by: 'outranked', winner: 'idle-10s' });
  });

  it('is idle again after the shopper came back and left again', () => {
    const story = new Story(liveSite([idleAfter('10s')], { settings: { restAfterDismissal: '0s' } }));
    story.adds('mug');
    story.wait(10_000).clock();
    story.dismisses();
    expect(firedIn(story.wait(9_999).clock())).toEqual([]);
    expect(firedIn(story.wait(1).clock())).toEqual(['on-cart-idle']);
  });
});

describe('idle time starts anew', () => {
  it.each<[what: string, happens: (story: Story) => Decision]>([
    ['with an addition', (story) => story.adds('pot')],
    ['with a page', (story) => story.page('page_view')],
    ['with a product looked at', (story) => story.page('view_item', { items: items('pot') })],
    ['with a checkout begun', (story) => story.page('begin_checkout', { items: items('mug') })],
    ['with a click on a nudge', (story) => story.page('nudge_clicked', { nudge: 'n_00000000' })],
  ])('%s', (_, happens) => {
    const story = leftAlone('10s');
    happens(story.wait(9_999));
    expect(firedIn(story.wait(9_999).clock())).toEqual([]);
    expect(firedIn(story.wait(1).clock())).toEqual(['idle-10s']);
  });

  it.each<[what: string, happens: (story: Story) => Decision]>([
    ['a nudge being displayed', (story) => story.page('nudge_displayed', { nudge: 'n_00000000' })],
    ['the mouse leaving the page', (story) => story.page('exit_intent')],
    ['a claim', (story) => story.claim('n_00000000')],
    ['a code tried at the checkout', (story) => story.redeem('NONE')],
    ['what the shop’s server says', (story) => story.server('search')],
    ['the clock', (story) => story.clock()],
  ])('%s does not start it anew', (_, happens) => {
    const story = leftAlone('10s');
    happens(story.wait(9_999));
    expect(firedIn(story.wait(1).clock())).toEqual(['idle-10s']);
  });
});

describe('nothing is idle', () => {
  it('without a cart', () => {
    const story = new Story(liveSite([idleAfter('10s')]));
    story.page('view_item', { items: items('mug') });
    expect(story.wait(DAY).clock().reasons).toEqual([]);
  });

  it('after a purchase', () => {
    const story = leftAlone('10s');
    story.wait(5_000).buys();
    expect(story.wait(DAY).clock().reasons).toEqual([]);
  });

  it('after a purchase that only the shop’s server reported', () => {
    const story = leftAlone('10s');
    story.wait(5_000).server('purchase', { transaction_id: 'order-1' });
    expect(story.wait(DAY).clock().reasons).toEqual([]);
  });

  it('after everything was taken out', () => {
    const story = leftAlone('10s');
    story.page('remove_from_cart', { items: items('mug') });
    expect(story.wait(DAY).clock().reasons).toEqual([]);
  });

  it('before a cart has been there for as long, even when the shopper was last seen long ago', () => {
    const story = new Story(liveSite([idleAfter('10s')]));
    story.page('page_view');
    story.wait(DAY).server('add_to_cart', { items: items('mug') });
    expect(firedIn(story.wait(9_999).clock())).toEqual([]);
    expect(firedIn(story.wait(1).clock())).toEqual(['on-cart-idle']);
  });
});

describe('abandoned carts', () => {
  it('a cart is abandoned once the site’s time is over, and not a millisecond early', () => {
    const story = new Story(liveSite([], { settings: { abandonAfter: '30m' } }));
    story.adds('mug');
    expect(story.wait(30 * MINUTE - 1).clock().steps).toEqual([]);
    expect(story.wait(1).clock().steps).toEqual(['cart_abandoned']);
    expect(story.shopper.cart.phase).toBe('abandoned');
  });

  it('whoever notices first notes it', () => {
    const story = leftAlone();
    expect(story.wait(HOUR).page('page_view').steps).toEqual(['cart_abandoned', 'cart_returned']);
    expect(story.shopper.cart.phase).toBe('active');
  });

  it('a cart is abandoned once, however often the shopper comes and goes', () => {
    const story = leftAlone();
    story.wait(HOUR).page('page_view');
    expect(story.wait(HOUR).page('page_view').steps).toEqual(['cart_returned']);
  });

  it('a rule may wait longer than a cart needs to be abandoned', () => {
    const story = leftAlone('2h');
    expect(story.wait(HOUR).clock().steps).toEqual(['cart_abandoned']);
    expect(firedIn(story.wait(HOUR).clock())).toEqual(['idle-2h']);
    expect(story.shopper.cart.phase).toBe('abandoned');
  });
});
