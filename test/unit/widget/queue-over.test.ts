import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../widget/event-queue.ts';
import { memoryStorage } from '../support/memory-storage.ts';

const NOW = 1_795_000_000_000;
const TOAST = { id: 'n_toast000', kind: 'toast' } as const;
const COUNTDOWN = { id: 'n_count000', kind: 'countdown' } as const;

describe('whether a nudge is over, by what waits to be told of it', () => {
  it.each([
    ['nudge_displayed', TOAST, true],
    ['nudge_clicked', TOAST, true],
    ['nudge_dismissed', TOAST, true],
    ['nudge_rated', TOAST, false],
    ['nudge_displayed', COUNTDOWN, false],
    ['nudge_clicked', COUNTDOWN, false],
    ['nudge_dismissed', COUNTDOWN, true],
  ] as const)('%s of %j: %s', (name, nudge, isOver) => {
    const queue = new EventQueue(memoryStorage(), 'pk_demo', 'tab-aaaaaa');
    queue.add({ name, params: { nudge: nudge.id } }, NOW);
    expect(queue.isOver(nudge)).toBe(isOver);
    expect(queue.isOver({ ...nudge, id: 'n_other000' })).toBe(false);
  });

  it('what a dead tab left counts, too', () => {
    const storage = memoryStorage();
    new EventQueue(storage, 'pk_demo', 'tab-aaaaaa').add(
      { name: 'nudge_displayed', params: { nudge: TOAST.id } },
      NOW,
    );
    const queue = new EventQueue(storage, 'pk_demo', 'tab-bbbbbb');
    queue.adopt(NOW + 60_000);
    expect(queue.isOver(TOAST)).toBe(true);
  });
});

it('a dead tab’s queue is taken over though the device’s clock was set back since', () => {
  const storage = memoryStorage();
  new EventQueue(storage, 'pk_demo', 'tab-aaaaaa').add({ name: 'search', params: {} }, NOW);
  const queue = new EventQueue(storage, 'pk_demo', 'tab-bbbbbb');
  queue.adopt(NOW - 7_200_000);
  expect(queue.size).toBe(1);
});
