import { describe, expect, it } from 'vitest';
import { HOUR } from '../support/durations.ts';
import { items } from '../support/sample-event.ts';
import { liveSite } from '../support/sample-site.ts';
import { Story } from '../support/story.ts';

const views = (story: Story, ...ids: string[]) => story.page('view_item', { items: items(...ids) }).together;

describe('what was seen together', () => {
  it('a view goes with those before it in the same visit, each once', () => {
    const story = new Story(liveSite([]));
    expect(views(story, 'mug')).toEqual([{ how: 'viewed', item: 'mug', with: [] }]);
    expect(views(story, 'pot')).toEqual([{ how: 'viewed', item: 'pot', with: ['mug'] }]);
    expect(views(story, 'mug')).toEqual([]);
    expect(story.shopper.viewed).toEqual(['mug', 'pot']);
  });

  it('a new visit begins after half an hour', () => {
    const story = new Story(liveSite([]));
    views(story, 'mug');
    expect(views(story.wait(HOUR / 2), 'pot')).toMatchObject([{ with: ['mug'] }]);
    expect(views(story.wait(HOUR / 2 + 1), 'tray')).toMatchObject([{ with: [] }]);
  });

  it('an addition goes with what is in the cart, once', () => {
    const story = new Story(liveSite([]));
    story.adds('mug');
    expect(story.adds('pot').together).toEqual([{ how: 'carted', item: 'pot', with: ['mug'] }]);
    expect(story.adds('pot').together).toEqual([]);
  });

  it('items of one order make each pair once', () => {
    const story = new Story(liveSite([]));
    const order = { transaction_id: 'order-1', items: items('mug', 'pot', 'tray', 'mug') };
    const bought = (item: string, others: string[]) => ({ how: 'bought', item, with: others });
    expect(story.page('purchase', order).together).toEqual([
      bought('mug', ['pot', 'tray']),
      bought('pot', ['tray']),
      bought('tray', []),
    ]);
    expect(story.server('purchase', order).together).toEqual([]);
  });

  it('items added in one go were carted together', () => {
    const story = new Story(liveSite([]));
    const pairs = story
      .adds('mug', 'pot')
      .together.flatMap(({ item, with: others }) => others.map((other) => [item, other].sort().join(' ')));
    expect(pairs).toEqual(['mug pot']);
  });
});
