import { describe, expect, it } from 'vitest';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const card = ruleOn('view_cart', { id: 'card', priority: 90 });
const otherCard = ruleOn('view_cart', { id: 'other-card', priority: 10 });
const bar = ruleOn('view_cart', { id: 'bar', nudge: { kind: 'bar', title: 'Hello' } });
const inline = (id: string, slot: string, priority = 50) =>
  ruleOn('view_cart', { id, priority, nudge: { kind: 'inline', slot, title: 'Hello' } });
const promise = inline('promise', 'delivery-promise');

describe('the areas of a page', () => {
  it('have a nudge each: of several rules the most important one fires for each', () => {
    const rules = [
      card,
      otherCard,
      bar,
      promise,
      inline('weaker-promise', 'delivery-promise', 1),
      inline('trust', 'trust'),
    ];
    const story = new Story(liveSite(rules));
    const decision = story.page('view_cart');
    expect(firedIn(decision).toSorted()).toEqual(['bar', 'card', 'promise', 'trust']);
    expect(heldBy(decision, 'other-card')).toMatchObject({ by: 'outranked', winner: 'card' });
    expect(heldBy(decision, 'weaker-promise')).toMatchObject({ by: 'outranked', winner: 'promise' });
  });

  it('under a cap have as many as it allows', () => {
    const story = new Story(liveSite([card, bar], { settings: { limit: { times: 1, per: '1h' } } }));
    const decision = story.page('view_cart');
    expect(firedIn(decision)).toEqual(['card']);
    expect(heldBy(decision, 'bar')).toMatchObject({ by: 'site_limit' });
  });
});

describe('what stands in the page itself interrupts nobody', () => {
  const strict = { limit: { times: 1, per: '1d' }, cooldown: '1h' } as const;

  it('so it passes caps and cooldown, and takes no place under them', () => {
    const story = new Story(liveSite([promise, card], { settings: strict }));
    expect(firedIn(story.page('view_cart')).toSorted()).toEqual(['card', 'promise']);
    const other = new Story(liveSite([{ ...promise, priority: 99 }, card], { settings: strict }));
    expect(firedIn(other.page('view_cart')).toSorted()).toEqual(['card', 'promise']);
  });

  it('yet who says no is not sold to there either', () => {
    const story = new Story(liveSite([promise], { settings: { consent: 'required' } }));
    expect(heldBy(story.page('view_cart'), 'promise')).toMatchObject({ by: 'consent' });
  });
});
