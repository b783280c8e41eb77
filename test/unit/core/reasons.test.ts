import { describe, expect, it } from 'vitest';
import { items } from '../support/sample-event.ts';
import { countdownOn, type GivenRule, liveSite, ruleOn } from '../support/sample-site.ts';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const onAdd = (given: Partial<GivenRule> = {}) => ruleOn('add_to_cart', { id: 'a', ...given });
const short = { kind: 'toast', title: 'Hello', validFor: '1s' } as const;

/** A shopper who was shown rule `a`'s nudge, which is gone by now. */
function afterOneSeen(rules: GivenRule[], more: Parameters<typeof liveSite>[1] = {}): Story {
  const story = new Story(liveSite(rules, more));
  story.adds('mug');
  story.sees();
  story.wait(1_000);
  return story;
}

describe('why a rule did not fire', () => {
  it('is told of the shopper as they were, not as the rule before it left them', () => {
    const newcomer = { 'history.nudges': { $size: 0 } };
    const story = new Story(
      liveSite([onAdd({ priority: 60 }), ruleOn('add_to_cart', { id: 'b', when: newcomer })]),
    );
    expect(heldBy(story.adds('mug'), 'b')).toMatchObject({ by: 'outranked', winner: 'a' });
  });

  it('its condition, with the place and the actual value', () => {
    const story = new Story(liveSite([onAdd({ when: { 'cart.value': { $gte: 30 } } })]));
    expect(heldBy(story.adds('mug'), 'a')).toEqual({
      rule: 'a',
      result: 'held',
      by: 'condition',
      path: 'cart.value',
      wanted: '$gte 30',
      actual: 10,
    });
    expect(firedIn(story.adds('mug x2'))).toEqual(['a']);
  });

  it('its own limit', () => {
    const story = afterOneSeen([onAdd({ nudge: short, limit: { times: 1, per: '1h' } })]);
    expect(heldBy(story.adds('mug'), 'a')).toEqual({
      rule: 'a',
      result: 'held',
      by: 'limit',
      times: 1,
      per: '1h',
    });
  });

  it('the site’s limit, whichever rule used it up', () => {
    const settings = { limit: { times: 1, per: '1h' } };
    const rules = [onAdd({ nudge: short }), ruleOn('exit_intent', { id: 'b' })];
    const story = afterOneSeen(rules, { settings });
    expect(heldBy(story.page('exit_intent'), 'b')).toMatchObject({ by: 'site_limit', times: 1, per: '1h' });
  });

  it('the cooldown, and until when', () => {
    const story = new Story(
      liveSite([onAdd(), ruleOn('exit_intent', { id: 'b' })], { settings: { cooldown: '5m' } }),
    );
    story.adds('mug');
    const until = story.now + 5 * MINUTE;
    expect(heldBy(story.wait(5 * MINUTE - 1).page('exit_intent'), 'b')).toMatchObject({
      by: 'cooldown',
      until,
    });
    expect(firedIn(story.wait(1).page('exit_intent'))).toEqual(['b']);
  });

  it('a dismissal, and until when', () => {
    const story = new Story(liveSite([onAdd()]));
    story.adds('mug');
    story.wait(1_000).dismisses();
    const until = story.now + 7 * DAY;
    expect(heldBy(story.adds('mug'), 'a')).toMatchObject({ by: 'dismissed', until });
    expect(heldBy(story.wait(7 * DAY - 1).adds('mug'), 'a')).toMatchObject({ by: 'dismissed', until });
    expect(firedIn(story.wait(1).adds('mug'))).toEqual(['a']);
  });

  it('a dismissal, even when the nudge was up for longer than any limit looks back', () => {
    const story = new Story(liveSite([onAdd()]));
    story.adds('mug');
    story.wait(1_000).adds('mug');
    story.dismisses();
    expect(heldBy(story.wait(1_000).adds('mug'), 'a')).toMatchObject({ by: 'dismissed' });
  });

  it('a dismissal rests that rule alone', () => {
    const story = new Story(liveSite([onAdd(), ruleOn('exit_intent', { id: 'b' })]));
    story.adds('mug');
    story.dismisses();
    expect(firedIn(story.page('exit_intent'))).toEqual(['b']);
  });

  it('its last nudge that is still up', () => {
    const story = new Story(liveSite([onAdd()]));
    story.adds('mug');
    expect(heldBy(story.wait(1_000).adds('mug'), 'a')).toEqual({
      rule: 'a',
      result: 'held',
      by: 'already_live',
    });
  });

  it('another offer that is not spent yet', () => {
    const live = liveSite([countdownOn('add_to_cart', { id: 'a' }), countdownOn('exit_intent', { id: 'b' })]);
    const story = new Story(live);
    story.adds('mug');
    expect(heldBy(story.page('exit_intent'), 'b')).toMatchObject({ by: 'offer_live' });
    story.redeem(story.shopper.coupons[0]?.digest ?? '');
    expect(firedIn(story.page('exit_intent'))).toEqual(['b']);
  });

  it('an offer holds back no rule without one', () => {
    const story = new Story(liveSite([countdownOn('add_to_cart'), ruleOn('exit_intent', { id: 'b' })]));
    story.adds('mug');
    expect(firedIn(story.page('exit_intent'))).toEqual(['b']);
  });

  it('a dismissed offer still counts as live until its deadline', () => {
    const live = liveSite([countdownOn('add_to_cart', { id: 'a' }), countdownOn('exit_intent', { id: 'b' })]);
    const story = new Story(live);
    story.adds('mug');
    story.dismisses();
    expect(heldBy(story.wait(15 * MINUTE - 1).page('exit_intent'), 'b')).toMatchObject({ by: 'offer_live' });
    expect(firedIn(story.wait(1).page('exit_intent'))).toEqual(['b']);
  });

  it('its budget', () => {
    const story = new Story(
      liveSite([countdownOn('add_to_cart', { id: 'a' })], { spentBudgets: new Set(['a']) }),
    );
    const decision = story.adds('mug');
    expect(heldBy(decision, 'a')).toMatchObject({ by: 'budget_spent' });
    expect(decision.coupons).toEqual([]);
  });

  it('a more important rule that fired', () => {
    const story = new Story(liveSite([onAdd({ priority: 40 }), onAdd({ id: 'b', priority: 60 })]));
    const { reasons } = story.adds('mug');
    expect(reasons).toEqual([
      { rule: 'b', result: 'fired', nudge: story.nudges[0]?.id },
      { rule: 'a', result: 'held', by: 'outranked', winner: 'b' },
    ]);
  });

  it('its condition, even when a more important rule fired', () => {
    const live = liveSite([onAdd({ priority: 60 }), onAdd({ id: 'b', when: { 'cart.value': 0 } })]);
    expect(heldBy(new Story(live).adds('mug'), 'b')).toMatchObject({ by: 'condition' });
  });

  it('nothing to recommend', () => {
    const rule = onAdd({ nudge: { kind: 'recommendation', title: 'Goes well with it' } });
    const decision = new Story(liveSite([rule])).adds('mug');
    expect(heldBy(decision, 'a')).toMatchObject({ by: 'nothing_to_show' });
    expect(decision.effects).toEqual([]);
  });

  it('an event that comes after the cart has moved on', () => {
    const story = new Story(liveSite([onAdd()]));
    story.page('page_view', {}, { rev: 5, cart: { items: items('mug') } });
    const decision = story.page('add_to_cart', { items: items('pot') }, { rev: 4, id: 'page-late' });
    expect(decision.reasons).toEqual([{ rule: 'a', result: 'held', by: 'late_event' }]);
  });
});

describe('which rule has its way', () => {
  it('the highest priority', () => {
    const rules = [
      onAdd({ id: 'low', priority: 1 }),
      onAdd({ id: 'high', priority: 100 }),
      onAdd({ id: 'mid' }),
    ];
    expect(firedIn(new Story(liveSite(rules)).adds('mug'))).toEqual(['high']);
  });

  it('of equals the first by id, in whatever order they were written', () => {
    for (const ids of [
      ['b', 'a', 'c'],
      ['c', 'b', 'a'],
    ])
      expect(firedIn(new Story(liveSite(ids.map((id) => onAdd({ id })))).adds('mug'))).toEqual(['a']);
  });

  it('the next one, when the most important is held back', () => {
    const rules = [onAdd({ id: 'top', priority: 90, nudge: short, limit: { times: 1, per: '1h' } }), onAdd()];
    const story = new Story(liveSite(rules));
    story.adds('mug');
    story.sees();
    expect(firedIn(story.wait(2_000).adds('mug'))).toEqual(['a']);
  });
});

describe('limits roll', () => {
  const rule = onAdd({ nudge: short, limit: { times: 2, per: '1h' } });

  it('a window looks back from now, and lets go to the millisecond', () => {
    // Another rule looks further back, so that the first nudge is not forgotten altogether.
    const story = afterOneSeen([rule, ruleOn('purchase', { limit: { times: 1, per: '7d' } })]);
    const firstAt = story.now - 1_000;
    story.wait(30 * MINUTE).adds('mug');
    story.sees();
    story.wait(2_000);
    expect(heldBy(story.adds('mug'), 'a')).toMatchObject({ by: 'limit' });
    story.now = firstAt + HOUR - 1;
    expect(heldBy(story.adds('mug'), 'a')).toMatchObject({ by: 'limit' });
    story.wait(1);
    expect(firedIn(story.adds('mug'))).toEqual(['a']);
  });

  it('a nudge that nobody saw gives its place back when it leaves', () => {
    const story = new Story(liveSite([onAdd({ nudge: short, limit: { times: 1, per: '1d' } })]));
    story.adds('mug');
    expect(story.wait(1_000).clock().ended).toMatchObject([{ why: 'expired', displayed: false }]);
    expect(firedIn(story.adds('mug'))).toEqual(['a']);
  });

  it('one that was seen does not', () => {
    const story = new Story(liveSite([onAdd({ nudge: short, limit: { times: 1, per: '1d' } })]));
    story.adds('mug');
    story.sees();
    expect(story.wait(1_000).clock().ended).toMatchObject([{ why: 'expired', displayed: true }]);
    expect(heldBy(story.adds('mug'), 'a')).toMatchObject({ by: 'limit' });
  });

  it('a nudge keeps its place while it is on its way', () => {
    const rules = [onAdd(), ruleOn('exit_intent', { id: 'b' })];
    const story = new Story(liveSite(rules, { settings: { limit: { times: 1, per: '1d' } } }));
    story.adds('mug');
    expect(heldBy(story.page('exit_intent'), 'b')).toMatchObject({ by: 'site_limit' });
  });
});
