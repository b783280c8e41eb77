import { describe, expect, it } from 'vitest';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { pushedBy, Story } from '../support/story.ts';

const toFreeDelivery = ruleOn('add_to_cart', {
  nudge: {
    kind: 'progress',
    title: { en: 'Free delivery' },
    goal: { value: 60, reached: { en: 'Delivery is on us.', ko: '배송비는 저희가 낼게요.' } },
  },
});

/** A shopper with a cart of 10 who has been told how far it is. */
function onTheWay(locale = 'en'): { story: Story; id: string } {
  const story = new Story(liveSite([toFreeDelivery]));
  story.opens({ locale });
  const { id } = pushedBy(story.adds('mug'));
  return { story, id };
}

describe('a progress nudge', () => {
  it('tells how far the cart has come, in the site’s currency, and what is said when it is there', () => {
    const { story } = onTheWay('ko');
    expect(story.nudges).toMatchObject([
      {
        kind: 'progress',
        progress: { value: 10, goal: 60, currency: 'EUR', reached: '배송비는 저희가 낼게요.' },
      },
    ]);
  });

  it('is told anew under its own id whenever the value of the cart changes, however it does', () => {
    const { story, id } = onTheWay();
    const values = [() => story.adds('mug'), () => story.page('view_cart', { items: [], value: 0 })].map(
      (act) => {
        const { effects } = act();
        const told = effects.flatMap((effect) => (effect.kind === 'push' ? [effect.nudge] : []));
        expect(told).toHaveLength(1);
        expect(told[0]).toMatchObject({ id, seq: story.shopper.seq });
        return told[0]?.progress?.value;
      },
    );
    expect(values).toEqual([20, 0]);
  });

  it('is not told again where the value stays', () => {
    const { story } = onTheWay();
    expect(story.page('view_item', { items: [{ item_id: 'pot' }] }).effects).toEqual([]);
  });

  it('keeps the tab that paints it, and that it was displayed', () => {
    const { story, id } = onTheWay();
    story.claim(id, 'tab-aaaaaa');
    story.sees(id);
    story.adds('mug');
    expect(story.shopper.nudges).toMatchObject([{ state: 'displayed', tab: 'tab-aaaaaa' }]);
    expect(story.shopper.past).toHaveLength(1);
  });

  it('stays after a click, and goes with the purchase', () => {
    const { story, id } = onTheWay();
    story.claim(id);
    story.sees(id);
    story.page('nudge_clicked', { nudge: id });
    expect(story.nudges).toHaveLength(1);
    expect(story.buys().effects).toMatchObject([{ kind: 'withdraw', id, reason: 'purchased' }]);
  });
});
