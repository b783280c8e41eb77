import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const rule = ruleOn('add_to_cart', { limit: { times: 1, per: '1d' } });

/** A nudge that a tab got the right to paint, and of which nothing was heard until its time was over. */
function claimedAndLost(): { story: Story; nudge: string } {
  const story = new Story(liveSite([rule], { settings: { limit: { times: 1, per: '1d' }, cooldown: '1d' } }));
  story.adds('mug');
  const nudge = story.nudges[0]?.id ?? '';
  story.claim(nudge);
  return { story, nudge };
}

describe('a place under the caps', () => {
  it('is kept from the decision on, while the nudge may still be shown', () => {
    const { story } = claimedAndLost();
    story.wait(9 * MINUTE);
    expect(heldBy(story.adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'already_live' });
  });

  it('is given back when a tab that crashed never showed it', () => {
    const { story } = claimedAndLost();
    expect(story.wait(10 * MINUTE).clock().ended).toMatchObject([{ why: 'expired', displayed: false }]);
    expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
  });

  it('is taken again by word that it was shown after all, from the time of the decision on', () => {
    const { story, nudge } = claimedAndLost();
    story.wait(10 * MINUTE).clock();
    story.sees(nudge);
    expect(heldBy(story.adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'limit' });
    story.wait(DAY - 10 * MINUTE - 1);
    expect(heldBy(story.adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'limit' });
    expect(firedIn(story.wait(1).adds('mug'))).toEqual(['on-add-to-cart']);
  });

  it('word that comes twice counts once, and a dismissal that comes late rests the rule', () => {
    const { story, nudge } = claimedAndLost();
    story.wait(10 * MINUTE).clock();
    story.sees(nudge);
    story.sees(nudge);
    expect(story.shopper.past).toHaveLength(1);
    story.dismisses(nudge);
    expect(heldBy(story.wait(2 * DAY).adds('mug'), 'on-add-to-cart')).toMatchObject({ by: 'dismissed' });
  });

  it('word of a nudge that nobody had the right to show counts for nothing', () => {
    const story = new Story(liveSite([rule]));
    story.adds('mug');
    const nudge = story.nudges[0]?.id ?? '';
    story.wait(HOUR).clock();
    story.sees(nudge);
    expect(story.shopper.past).toEqual([]);
  });

  it('of at most ten nudges word is waited for', () => {
    const story = new Story(liveSite([ruleOn('add_to_cart')]));
    for (let time = 0; time < 15; time++) {
      story.adds('mug');
      story.claim(story.nudges[0]?.id ?? '');
      story.wait(HOUR).clock();
    }
    expect(story.shopper.unconfirmed).toHaveLength(10);
  });
});
