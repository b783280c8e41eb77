import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { type GivenRule, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const rule = ruleOn('add_to_cart');
const held = (story: Story) => heldBy(story.adds('mug'), 'on-add-to-cart');
const fired = (story: Story) => firedIn(story.adds('mug')).length === 1;

describe('consent', () => {
  const required = { settings: { consent: 'required' } } as const;

  it('where the site requires it, nothing is sold before it is given', () => {
    const story = new Story(liveSite([rule], required));
    expect(held(story)).toMatchObject({ by: 'consent' });
    story.page('consent_update', { marketing: 'granted' });
    expect(fired(story)).toBe(true);
  });

  it('denied is kept to on every site, until it is given', () => {
    const story = new Story(liveSite([rule]));
    story.page('consent_update', { marketing: 'denied' });
    expect(held(story)).toMatchObject({ by: 'consent' });
    story.page('consent_update', { marketing: 'granted' });
    expect(fired(story)).toBe(true);
  });

  it('said later counts, whenever it arrives; what a server says comes after all that is known', () => {
    const story = new Story(liveSite([rule]));
    story.page('consent_update', { marketing: 'denied' }, { rev: 20 });
    story.page('consent_update', { marketing: 'granted' }, { rev: 5, id: 'late-event-01' });
    expect(held(story)).toMatchObject({ by: 'consent' });
    story.server('consent_update', { marketing: 'granted' });
    expect(story.shopper.consents.marketing).toMatchObject({ word: 'granted', by: 'server' });
    story.page('preferences_update', { doNotDisturb: true }, { rev: 40 });
    story.page('preferences_update', { doNotDisturb: false }, { rev: 30, id: 'late-event-02' });
    expect(story.shopper.preferences.doNotDisturb).toBe(true);
  });

  it('denied takes what sells off the pages, and leaves what the shopper waits for', () => {
    const failed = ruleOn('payment_failed', { class: 'transactional' });
    const story = new Story(liveSite([rule, failed]));
    story.adds('mug');
    story.server('payment_failed');
    const decision = story.page('consent_update', { marketing: 'denied' });
    expect(decision.ended).toMatchObject([{ rule: 'on-add-to-cart', why: 'declined' }]);
    expect(story.nudges.map((nudge) => nudge.rule)).toEqual(['on-payment-failed']);
  });

  it('is no sign of life: a banner that reports what was chosen long ago wakes no cart', () => {
    const story = new Story(liveSite([]));
    story.adds('mug');
    const { activeAt } = story.shopper;
    story.wait(MINUTE).page('consent_update', { marketing: 'denied' });
    expect(story.shopper.activeAt).toBe(activeAt);
  });
});

describe('preferences', () => {
  it('do not disturb, until it is taken back', () => {
    const story = new Story(liveSite([rule]));
    story.page('preferences_update', { doNotDisturb: true });
    expect(held(story)).toMatchObject({ by: 'do_not_disturb' });
    story.page('preferences_update', { doNotDisturb: false });
    expect(fired(story)).toBe(true);
  });

  it('snooze, for as long as it lasts', () => {
    const story = new Story(liveSite([rule]));
    story.page('preferences_update', { snooze: '1d' });
    const until = story.now + DAY;
    expect(held(story.wait(DAY - 1))).toMatchObject({ by: 'snoozed', until });
    expect(fired(story.wait(1))).toBe(true);
  });

  it('snooze taken back', () => {
    const story = new Story(liveSite([rule]));
    story.page('preferences_update', { snooze: '1d' });
    story.page('preferences_update', { snooze: null });
    expect(fired(story)).toBe(true);
  });

  it('quiet hours of their own, by their own clock, beside the site’s', () => {
    const quietHours = { from: '06:00', to: '07:00' };
    const story = new Story(liveSite([rule], { settings: { quietHours } }));
    story.now = Date.parse('2026-11-24T13:30:00Z');
    story.opens({ timeZone: 'Asia/Seoul' });
    story.page('preferences_update', { quietHours: { from: '22:00', to: '08:00' } });
    const until = Date.parse('2026-11-24T23:00:00Z');
    expect(held(story)).toMatchObject({ by: 'quiet_hours', until });
    story.now = Date.parse('2026-11-24T21:30:00Z');
    expect(held(story), 'the later end counts').toMatchObject({ by: 'quiet_hours', until });
    story.page('preferences_update', { quietHours: null });
    expect(held(story)).toMatchObject({ until: Date.parse('2026-11-24T22:00:00Z') });
  });

  it('less of this, of one rule and its steps, until it is taken back', () => {
    const other = ruleOn('view_item', { priority: 10 });
    const story = new Story(liveSite([rule, other]));
    story.adds('mug');
    const decision = story.page('preferences_update', { lessOf: 'on-add-to-cart/two' });
    expect(decision.ended, 'what is up goes').toMatchObject([{ rule: 'on-add-to-cart', why: 'declined' }]);
    expect(held(story)).toMatchObject({ by: 'less_of_this' });
    expect(firedIn(story.page('view_item', { items: [{ item_id: 'mug' }] }))).toEqual(['on-view-item']);
    story.page('preferences_update', { lessOf: null });
    expect(fired(story)).toBe(true);
  });

  it('a kind that is done without, until it is wanted again', () => {
    const story = new Story(liveSite([rule]));
    story.adds('mug');
    const decision = story.page('preferences_update', { without: ['toast', 'bar'] });
    expect(decision.ended).toMatchObject([{ rule: 'on-add-to-cart', why: 'declined' }]);
    expect(held(story)).toMatchObject({ by: 'kind_declined', kind: 'toast' });
    story.page('preferences_update', { without: ['bar'] });
    expect(fired(story)).toBe(true);
  });

  it('fewer: one nudge in 24 hours, over all rules, also where the site looks back for less', () => {
    const other = ruleOn('view_item');
    const story = new Story(liveSite([rule, other]));
    story.page('preferences_update', { fewer: true });
    expect(fired(story)).toBe(true);
    story.page('nudge_dismissed', { nudge: story.nudges[0]?.id });
    expect(heldBy(story.wait(DAY - 1).page('view_item'), 'on-view-item')).toMatchObject({ by: 'fewer' });
    expect(firedIn(story.wait(1).page('view_item'))).toEqual(['on-view-item']);
  });

  it('what the shopper waits for passes them all', () => {
    const failed = ruleOn('payment_failed', { class: 'transactional' });
    const story = new Story(liveSite([failed]));
    story.page('preferences_update', { without: ['toast'], lessOf: 'on-payment-failed', fewer: true });
    expect(firedIn(story.server('payment_failed'))).toEqual(['on-payment-failed']);
    story.page('preferences_update', { without: ['toast', 'bar'] });
    expect(story.nudges).toHaveLength(1);
  });

  it('changing one leaves the others', () => {
    const story = new Story(liveSite([]));
    story.page('preferences_update', { doNotDisturb: true, snooze: '1h' });
    story.page('preferences_update', { quietHours: { from: '22:00', to: '08:00' } });
    expect(story.shopper.preferences).toEqual({
      doNotDisturb: true,
      snoozedUntil: story.now + HOUR,
      quietHours: { from: '22:00', to: '08:00' },
    });
    story.page('preferences_update', { fewer: true, without: ['bar'], lessOf: 'a-rule' });
    story.page('preferences_update', { doNotDisturb: false, fewer: false, without: [] });
    expect(story.shopper.preferences).toEqual({
      doNotDisturb: false,
      snoozedUntil: story.now + HOUR,
      quietHours: { from: '22:00', to: '08:00' },
      lessOf: ['a-rule'],
    });
  });

  it('of many rules that were enough the last fifty count', () => {
    const story = new Story(liveSite([]));
    for (let index = 0; index < 60; index++) story.page('preferences_update', { lessOf: `rule-${index}` });
    expect(story.shopper.preferences.lessOf).toHaveLength(50);
    expect(story.shopper.preferences.lessOf).not.toContain('rule-9');
  });
});

describe('an open case with the shop’s support', () => {
  it('holds selling back until the last one is closed', () => {
    const story = new Story(liveSite([rule]));
    story.server('support_case_opened', { case: 'a' });
    story.server('support_case_opened', { case: 'b' }, 'server-b');
    story.server('support_case_closed', { case: 'a' }, 'server-c');
    expect(held(story)).toMatchObject({ by: 'support_case' });
    story.server('support_case_closed', { case: 'b' }, 'server-d');
    expect(fired(story)).toBe(true);
  });

  it('is nothing that a page can claim', () => {
    const story = new Story(liveSite([rule]));
    story.page('support_case_opened', { case: 'a' });
    expect(fired(story)).toBe(true);
  });
});

it('what the shopper waits for passes all of them', () => {
  const transactional = ruleOn('payment_failed', { class: 'transactional' });
  const story = new Story(liveSite([transactional], { settings: { consent: 'required' } }));
  story.page('consent_update', { marketing: 'denied' });
  story.page('preferences_update', { doNotDisturb: true, snooze: '1d' });
  story.server('support_case_opened', { case: 'a' });
  expect(firedIn(story.server('payment_failed'))).toEqual(['on-payment-failed']);
});

describe('the fatigue budget', () => {
  const fatigue = { times: 2, per: '1d', least: 1, most: 4 };
  const site = (given: Partial<GivenRule> = {}) =>
    liveSite([ruleOn('add_to_cart', given)], { settings: { fatigue, restAfterDismissal: '1s' } });
  /** How many of `tries` nudges a shopper gets who does `what` with each. */
  const getsOf = (
    story: Story,
    tries: number,
    what: 'nudge_clicked' | 'nudge_dismissed' | 'nudge_displayed',
  ) => {
    let got = 0;
    for (let time = 0; time < tries; time++) {
      const decision = story.wait(MINUTE).adds('mug');
      if (firedIn(decision).length === 0) continue;
      got++;
      const nudge = story.nudges.at(-1)?.id ?? '';
      story.page('nudge_displayed', { nudge });
      if (what !== 'nudge_displayed') story.page(what, { nudge });
      story.wait(11 * MINUTE).clock();
    }
    return got;
  };

  it.each([
    ['nudge_displayed', 2],
    ['nudge_clicked', 4],
    ['nudge_dismissed', 1],
  ] as const)('%s: %i a day', (what, expected) => {
    expect(getsOf(new Story(site()), 12, what)).toBe(expected);
  });

  it('says how many it allows', () => {
    const story = new Story(site());
    getsOf(story, 3, 'nudge_dismissed');
    expect(held(story)).toMatchObject({ by: 'fatigue', times: 1, per: '1d' });
  });

  it('looks back for 30 days', () => {
    const story = new Story(site());
    getsOf(story, 12, 'nudge_dismissed');
    expect(getsOf(story.wait(31 * DAY), 12, 'nudge_displayed')).toBe(2);
  });
});

describe('an event that is stale', () => {
  const late = (story: Story, ageMs: number) => {
    story.adds('mug');
    const { kind, source, event } = story.lastEvent;
    return story.input({ kind, source, event: { ...event, id: 'late-0001', rev: 99 }, ageMs });
  };
  const once = ruleOn('add_to_cart', { when: { 'cart.quantity': { $gte: 2 } } });

  it('brings no nudge about, though it counts', () => {
    const story = new Story(liveSite([once]));
    const decision = late(story, 5 * MINUTE + 1);
    expect(heldBy(decision, 'on-add-to-cart')).toMatchObject({
      by: 'stale',
      ageMs: 5 * MINUTE + 1,
      mostMs: 5 * MINUTE,
    });
    expect(story.shopper.cart.quantity).toBe(2);
  });

  it('is one that is older than the rule takes, in place of the site', () => {
    expect(firedIn(late(new Story(liveSite([once])), 5 * MINUTE))).toHaveLength(1);
    const brief = { ...once, staleAfter: '2s' };
    expect(firedIn(late(new Story(liveSite([brief])), 2_001))).toHaveLength(0);
    const patient = liveSite([{ ...once, staleAfter: '2h' }], { settings: { staleAfter: '1s' } });
    expect(firedIn(late(new Story(patient), HOUR))).toHaveLength(1);
  });
});

it('a rule has its say from its beginning to its end', () => {
  const from = '2026-11-27T08:00:00+01:00';
  const to = '2026-11-27T09:00:00+01:00';
  const story = new Story(liveSite([{ ...rule, from, to }]));
  const at = (utc: string) => {
    story.now = Date.parse(utc);
    return story.adds('mug');
  };
  expect(heldBy(at('2026-11-27T06:59:59.999Z'), 'on-add-to-cart')).toMatchObject({ by: 'period', from, to });
  expect(firedIn(at('2026-11-27T07:00:00Z'))).toHaveLength(1);
  expect(heldBy(at('2026-11-27T08:00:00Z'), 'on-add-to-cart')).toMatchObject({ by: 'period', from, to });
});
