import { describe, expect, it } from 'vitest';
import { ruleFaults } from '../../../server/core/rule-faults.ts';
import { compileSite } from '../../../server/core/site.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';
import { Rule } from '../../../shared/rule.ts';
import { SiteFile } from '../../../shared/site.ts';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { countdownOn, type GivenRule, liveSite, ruleOn, siteFile } from '../support/sample-site.ts';

const nothingOwn = vocabularyOf({ events: [], traits: {}, segments: [] });

describe('what is wrong with a rule beyond its shape', () => {
  const toast = { kind: 'toast', title: 'Hello' } as const;
  it.each<[given: Partial<GivenRule>, path: string, message: string]>([
    [
      { on: 'cart_idel' },
      'on',
      'Unknown trigger "cart_idel". Did you mean "cart_idle"? A shop\'s own event is declared in "events".',
    ],
    [{ on: 'segment_left', segment: 'vip' }, 'segment', 'The site has no segment "vip".'],
    [{ from: '2026-11-27T08:00:00+01:00', to: '2026-11-27T07:00:00Z' }, 'to', 'Later than "from".'],
    [
      { when: { 'cart.valeu': { $gte: 1 } } },
      'when.cart.valeu',
      'Unknown field "cart.valeu". Did you mean "cart.value"?',
    ],
    [
      { nudge: { ...toast, title: '{{cart.valeu}}' } },
      'nudge.title',
      'Unknown variable {{cart.valeu}}. Did you mean "cart.value"?',
    ],
    [
      { nudge: { ...toast, body: { en: 'Hello', ko: '{{offer.code}}' } } },
      'nudge.body.ko',
      '{{offer.code}} needs an offer.',
    ],
    [
      { nudge: { ...toast, cta: { label: '{{x}}', href: '/cart' } } },
      'nudge.cta.label',
      'Unknown variable {{x}}.',
    ],
    [
      { nudge: { ...toast, cta: { label: 'Go', href: '/cart?code={{code}}' } } },
      'nudge.cta.href',
      'Unknown variable {{code}}.',
    ],
  ])('%j', (given, path, message) => {
    expect(ruleFaults(Rule.parse(ruleOn('add_to_cart', given)), nothingOwn)).toEqual([{ path, message }]);
  });

  it('nothing, with a rule as it should be', () => {
    expect(ruleFaults(Rule.parse(countdownOn('cart_idle', { after: '10s' })), nothingOwn)).toEqual([]);
  });
});

describe('a compiled site', () => {
  it('leaves a rule with a fault out, as if it were paused', () => {
    const rules = [
      ruleOn('add_to_cart', { id: 'bad', when: { nope: 1 } }),
      ruleOn('add_to_cart', { id: 'good' }),
    ];
    const site = compileSite(SiteFile.parse(siteFile({ rules })), 1, new Map());
    expect(site.rulesOn.add_to_cart.map(({ rule }) => rule.id)).toEqual(['good']);
  });

  it('knows how far back any of its limits looks', () => {
    const limited = [ruleOn('add_to_cart', { limit: { times: 1, per: '7d' } })];
    expect(liveSite(limited).site.longestWindowMs).toBe(7 * DAY);
    expect(liveSite(limited, { settings: { cooldown: '8d' } }).site.longestWindowMs).toBe(8 * DAY);
    const settings = { limit: { times: 1, per: '9d' } };
    expect(liveSite(limited, { settings }).site.longestWindowMs).toBe(9 * DAY);
    expect(liveSite([]).site.longestWindowMs).toBe(0);
  });

  it('shows an offer for as long as it is valid, and else what the nudge says', () => {
    const validFor = (rule: GivenRule) => liveSite([rule]).site.rulesOn.add_to_cart[0]?.validForMs;
    const nudge = { kind: 'toast', title: 'Hello', validFor: '2m' } as const;
    expect(validFor(ruleOn('add_to_cart', { nudge }))).toBe(2 * MINUTE);
    expect(validFor(ruleOn('add_to_cart'))).toBe(10 * MINUTE);
    const countdown = { ...nudge, kind: 'countdown' } as const;
    const offer = { percentOff: 5, validFor: '1h' };
    expect(validFor(ruleOn('add_to_cart', { nudge: countdown, offer }))).toBe(HOUR);
  });
});
