import { describe, expect, it } from 'vitest';
import type { Scalar } from '../../../shared/custom-event.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, pushedBy, Story } from '../support/story.ts';

const PAGE = 'https://shop.example/';
const traits = { word: 'string', size: 'number' } as const;
const own = { traits, events: [{ name: 'quiz_finished', params: { word: 'string' } }] } as const;

/** A shopper of whom the shop's server has said this, and a rule with that link. */
function storyOf(href: string, said: Record<string, Scalar> = {}, on = 'quiz_finished'): Story {
  const nudge = { kind: 'toast', title: 'Hello', cta: { label: 'Go', href } } as const;
  const story = new Story(liveSite([ruleOn(on, { id: 'a', nudge })], { ...own, events: [...own.events] }));
  story.input({ kind: 'traits', traits: said });
  return story;
}

const WORDS = [
  '//evil.example/',
  '/\\evil.example',
  'javascript:alert(1)',
  '@evil.example/',
  '?next=//evil.example&admin=1#x',
  'two words & more',
  "O'Brien",
  '"><script>alert(1)</script>',
  '\r\nLocation: https://evil.example',
  '\u202e\u200b\0',
  '{{offer.code}}',
  '%2f%2fevil.example',
  '\ud83d',
];

describe('a value in a link', () => {
  it.each(WORDS)('is one part of it, whatever it is: %j', (word) => {
    const story = storyOf(
      '/find/{{shopper.traits.word;else:all}}?q={{event.params.word;else:-}}&size=5#top',
      {
        word,
      },
    );
    const { cta } = pushedBy(story.page('quiz_finished', { word }));
    const { origin, pathname, searchParams, hash } = new URL(cta?.href ?? '', PAGE);
    const kept = word.replace('\ud83d', '\ufffd');
    expect(origin).toBe('https://shop.example');
    expect(pathname).toBe(`/find/${encodeURIComponent(kept).replaceAll("'", '%27')}`);
    expect([...searchParams]).toEqual([
      ['q', kept],
      ['size', '5'],
    ]);
    expect(hash).toBe('#top');
  });

  it('is worded as the shopper’s language does, spaces included, and is a link still', () => {
    const story = storyOf('/cart?of={{cart.value}}', {}, 'add_to_cart');
    story.opens({ locale: 'de' });
    const { cta } = pushedBy(story.adds('mug x200'));
    expect(cta?.href).not.toMatch(/\s/);
    expect(new URL(cta?.href ?? '', PAGE).searchParams.get('of')).toBe('2.000,00\u00a0€');
  });

  it('that leaves a link as it was is not looked at', () => {
    expect(pushedBy(storyOf('./cart#now').page('quiz_finished')).cta?.href).toBe('./cart#now');
  });
});

describe('a link that its values lead astray', () => {
  const rest = '/{{shopper.traits.word;else:x}}/evil.example';

  it('to another host, by leaving out what stood between two slashes, holds its nudge back with a reason', () => {
    const decision = storyOf(rest, { word: '' }).page('quiz_finished');
    expect(heldBy(decision, 'a')).toEqual({ rule: 'a', result: 'held', by: 'unsafe_link' });
    expect(decision.effects).toEqual([]);
    expect(decision.coupons).toEqual([]);
  });

  it('by words of its own for what is absent, too', () => {
    const astray = '/{{shopper.traits.word;else:/evil.example}}';
    expect(heldBy(storyOf(astray).page('quiz_finished'), 'a')).toMatchObject({ by: 'unsafe_link' });
  });

  it('or grows too long for any browser', () => {
    const long = `/?q=${'{{shopper.traits.word;else:x}}'.repeat(4)}`;
    const word = '찻'.repeat(200);
    expect(heldBy(storyOf(long, { word }).page('quiz_finished'), 'a')).toMatchObject({ by: 'unsafe_link' });
  });

  it('and not for other shoppers', () => {
    expect(firedIn(storyOf(rest, { word: 'no' }).page('quiz_finished'))).toEqual(['a']);
    expect(firedIn(storyOf(rest).page('quiz_finished'))).toEqual(['a']);
  });
});
