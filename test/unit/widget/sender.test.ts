import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ShopperEvent } from '../../../shared/event.ts';
import type { TrackAck } from '../../../shared/hub-messages.ts';
import { EventQueue } from '../../../widget/event-queue.ts';
import { Sender } from '../../../widget/sender.ts';
import { memoryStorage } from '../support/memory-storage.ts';

const ACCEPTED: TrackAck = { ok: true, accepted: 1, duplicates: 0 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A link whose answers are set down beforehand; after the last one everything is accepted. */
function linkedTo(...answers: (TrackAck | null)[]) {
  const queue = new EventQueue(memoryStorage(), 'pk_demo', 'tab-a');
  const sent: string[][] = [];
  const sender = new Sender(queue, {
    track: (events: readonly ShopperEvent[]) => {
      sent.push(events.map(({ id }) => id));
      const [answer = ACCEPTED] = answers.splice(0, 1);
      return Promise.resolve(answer);
    },
    claim: () => Promise.resolve(null),
    close: () => undefined,
    open: () => undefined,
  });
  const add = () => queue.add({ name: 'page_view', params: {} }, Date.now()).id;
  return { queue, sent, sender, add };
}

it('what happens in one go travels together', async () => {
  const { sender, add, sent, queue } = linkedTo();
  const ids = [add(), add()];
  sender.soon();
  sender.soon();
  await vi.advanceTimersByTimeAsync(30);
  expect(sent).toEqual([ids]);
  expect(queue.size).toBe(0);
});

it('a long queue goes 25 at a time, each after the last was acked', async () => {
  const { sender, add, sent, queue } = linkedTo();
  for (let count = 0; count < 60; count++) add();
  sender.soon();
  await vi.advanceTimersByTimeAsync(30);
  expect(sent.map(({ length }) => length)).toEqual([25, 25, 10]);
  expect(queue.size).toBe(0);
});

it('nothing is sent when there is nothing', async () => {
  const { sender, sent } = linkedTo();
  sender.soon();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual([]);
});

it('what a busy hub refused is sent again when it says so', async () => {
  const busy: TrackAck = { ok: false, error: { code: 'busy', message: 'Later.' }, retryAfter: 700 };
  const { sender, add, sent } = linkedTo(busy);
  const id = add();
  sender.soon();
  await vi.advanceTimersByTimeAsync(4 + 699);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([[id], [id]]);
});

it('an event that the hub will never take goes, and the others are sent again', async () => {
  const error = {
    code: 'invalid',
    message: 'No.',
    errors: [{ path: 'events.1.params', message: 'No.' }],
  } as const;
  vi.spyOn(console, 'debug').mockImplementation(() => undefined);
  const { sender, add, sent, queue } = linkedTo({
    ok: false,
    error: { ...error, errors: [...error.errors] },
  });
  const [first, , third] = [add(), add(), add()];
  sender.soon();
  await vi.advanceTimersByTimeAsync(30);
  expect(sent[1]).toEqual([first, third]);
  expect(queue.size).toBe(0);
  vi.mocked(console.debug).mockRestore();
});

it('what was not answered stays, and is sent again though nothing else happens', async () => {
  const { sender, add, sent, queue } = linkedTo(null);
  const id = add();
  sender.soon();
  await vi.advanceTimersByTimeAsync(30);
  expect(queue.size).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([[id], [id]]);
});
