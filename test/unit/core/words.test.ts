import { describe, expect, it } from 'vitest';
import { HELD_WORDS, reasonInWords } from '../../../server/core/reason-words.ts';
import type { Reason } from '../../../server/core/reasons.ts';
import { whyInWords } from '../../../server/core/why-words.ts';
import { TRIGGERS } from '../../../shared/trigger.ts';
import { ruleOn, liveSite } from '../support/sample-site.ts';
import { pushedBy, Story } from '../support/story.ts';

/** All that a reason of any kind may carry. */
const detail = {
  ageMs: 400_000,
  mostMs: 300_000,
  path: 'cart.value',
  wanted: '$gte 30',
  until: Date.UTC(2026, 10, 24, 15, 4),
  times: 3,
  per: '1d',
  channel: 'email',
  kind: 'bar',
  of: 'site',
  winner: 'other',
};

describe('a reason in plain words', () => {
  it.each(Object.keys(HELD_WORDS))('%s, in English and in Korean', (by) => {
    const reason = { rule: 'a', result: 'held', by, ...detail } as unknown as Reason;
    const [en, ko] = [reasonInWords(reason, 'en'), reasonInWords(reason, 'ko-KR')];
    expect(en).toMatch(/^[A-Za-z].*\.$/);
    expect(en).not.toMatch(/undefined|NaN|\[object/);
    expect(ko).toMatch(/[가-힣].*\.$/);
    expect(ko).not.toMatch(/undefined|NaN|\[object/);
  });

  it('names the values that were compared', () => {
    const held = {
      rule: 'a',
      result: 'held',
      by: 'condition',
      path: 'cart.value',
      wanted: '$gte 30',
      actual: 18.5,
    } as const;
    expect(reasonInWords(held, 'en')).toBe('cart.value was 18.5; the rule wants $gte 30.');
    expect(reasonInWords({ ...held, actual: undefined }, 'en')).toContain('was absent');
    const quiet = { rule: 'a', result: 'held', by: 'quiet_hours', until: detail.until } as const;
    expect(reasonInWords(quiet, 'fr')).toContain('until 2026-11-24 15:04 UTC');
  });

  it('of a rule that fired', () => {
    expect(reasonInWords({ rule: 'a', result: 'fired', nudge: 'n' }, 'en')).toBe('It fired.');
  });
});

describe('why a shopper sees a nudge', () => {
  it.each([...TRIGGERS, 'quiz_finished'])('%s', (trigger) => {
    expect(whyInWords(trigger, 'en-GB')).toMatch(/^(Because|The shop).*\.$/);
    expect(whyInWords(trigger, 'ko')).toMatch(/[가-힣].*요\.$/);
  });

  it('comes with it, in their language', () => {
    const story = new Story(liveSite([ruleOn('add_to_cart')]));
    story.opens({ locale: 'ko-KR' });
    expect(pushedBy(story.adds('mug')).why).toBe('장바구니에 담아 두신 상품이 있어서 보여 드려요.');
  });
});
