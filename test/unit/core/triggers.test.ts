import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../server/core/decide.ts';
import { Rule, type Trigger, TRIGGERS } from '../../../shared/rule.ts';
import { items } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, pushedBy, Story } from '../support/story.ts';

const everyTrigger = liveSite(TRIGGERS.map((on) => ruleOn(on)));

/** How each trigger comes about for a shopper with something in the cart. */
const COMES_ABOUT: Record<Trigger, (story: Story) => Decision> = {
  add_to_cart: (story) => story.adds('pot'),
  view_cart: (story) => story.page('view_cart', { items: items('mug') }),
  begin_checkout: (story) => story.page('begin_checkout', { items: items('mug') }),
  cart_idle: (story) => story.wait(10_000).clock(),
  exit_intent: (story) => story.page('exit_intent'),
  purchase: (story) => story.buys(),
};

function withCart(live = everyTrigger): Story {
  const story = new Story(liveSite([]));
  story.page('page_view', {}, { cart: { items: items('mug') } });
  story.live = live;
  return story;
}

describe('each trigger fires its rule and no other', () => {
  it.each(TRIGGERS)('%s', (trigger) => {
    const decision = COMES_ABOUT[trigger](withCart());
    expect(firedIn(decision)).toEqual([`on-${trigger.replaceAll('_', '-')}`]);
    expect(decision.reasons).toHaveLength(1);
  });

  it.each(TRIGGERS)('%s fires nothing where only other triggers have rules', (trigger) => {
    const others = liveSite(TRIGGERS.filter((on) => on !== trigger).map((on) => ruleOn(on)));
    const decision = COMES_ABOUT[trigger](withCart(others));
    expect(decision.reasons).toEqual([]);
    expect(decision.effects).toEqual([]);
  });

  it.each(['view_item', 'search', 'page_view', 'login', 'remove_from_cart', 'refund'] as const)(
    '%s fires nothing',
    (name) => {
      const decision = withCart().page(name, { transaction_id: 'order-1', items: items('tray') });
      expect(decision.reasons).toEqual([]);
    },
  );
});

describe('rules that are not in force', () => {
  it.each(['draft', 'paused'] as const)('a %s rule is not even considered', (status) => {
    const story = new Story(liveSite([ruleOn('add_to_cart', { status })]));
    expect(story.adds('mug').reasons).toEqual([]);
  });

  it('a rule is a draft unless told', () => {
    const { id, on, nudge } = ruleOn('add_to_cart');
    expect(Rule.parse({ id, on, nudge }).status).toBe('draft');
  });
});

describe('what is pushed', () => {
  it('carries the words in the shopper’s language, filled in', () => {
    const title = { en: 'Cart of {{cart.value}}', ko: '{{cart.quantity}}개, {{cart.value}}' };
    const rule = ruleOn('add_to_cart', {
      nudge: {
        kind: 'toast',
        title,
        body: 'For you',
        cta: { label: { ko: '계산', en: 'Pay' }, href: '/cart' },
      },
    });
    const story = new Story(liveSite([rule]));
    const event = { id: 'event-000001', name: 'add_to_cart', at: 0, rev: 1 } as const;
    const params = { items: items('mug x2') };
    const pushed = pushedBy(
      story.input({ kind: 'event', source: 'page', event: { ...event, params }, locale: 'ko-KR' }),
    );
    expect(pushed.title).toBe('2개, €20.00');
    expect(pushed.body).toBe('For you');
    expect(pushed.cta).toEqual({ label: '계산', href: '/cart' });
    expect(pushed.offer).toBeUndefined();
  });

  it('a countdown carries a code that runs out when it does', () => {
    const story = new Story(liveSite([countdownOn('add_to_cart')]));
    const pushed = pushedBy(story.adds('mug'));
    expect(pushed.expiresAt).toBe(story.now + 15 * 60_000);
    expect(pushed.offer).toMatchObject({ percentOff: 10, expiresAt: pushed.expiresAt });
    expect(pushed.title).toBe(`10 % off with ${pushed.offer?.code}`);
    expect(story.shopper.coupons.map(({ code }) => code)).toEqual([pushed.offer?.code]);
  });

  it('a toast is worth showing for ten minutes unless its rule says otherwise', () => {
    const nudge = { kind: 'toast', title: 'Hello' } as const;
    const usual = new Story(liveSite([ruleOn('add_to_cart', { nudge })]));
    expect(pushedBy(usual.adds('mug')).expiresAt).toBe(usual.now + 600_000);
    const brief = new Story(liveSite([ruleOn('add_to_cart', { nudge: { ...nudge, validFor: '30s' } })]));
    expect(pushedBy(brief.adds('mug')).expiresAt).toBe(brief.now + 30_000);
  });

  it('a language tag that no formatter knows stops no decision', () => {
    const story = new Story(
      liveSite([ruleOn('add_to_cart', { nudge: { kind: 'toast', title: '{{cart.value}}' } })]),
    );
    const event = { id: 'event-000001', name: 'add_to_cart', at: 0, rev: 1 } as const;
    const params = { items: items('mug') };
    const decision = story.input({
      kind: 'event',
      source: 'page',
      event: { ...event, params },
      locale: 'en-12',
    });
    expect(firedIn(decision)).toEqual(['on-add-to-cart']);
  });

  it('a budgeted offer takes one from its budget', () => {
    const offer = { percentOff: 5, validFor: '1h', budget: { count: 7 } };
    const decision = new Story(liveSite([countdownOn('add_to_cart', { offer })])).adds('mug');
    expect(decision.budgets).toEqual([{ rule: 'on-add-to-cart', count: 7 }]);
    expect(decision.coupons).toEqual([pushedBy(decision).offer?.code]);
  });
});
