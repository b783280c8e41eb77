import { describe, expect, it } from 'vitest';
import type { Nudge } from '../../../shared/nudge.ts';
import { Inbox } from '../../../widget/inbox.ts';
import { rememberMessage } from '../../../widget/kept-messages.ts';
import { memoryStorage } from '../support/memory-storage.ts';
import { nudge } from '../support/sample-nudge.ts';

const KEY = 'inbox';

/** A page's side and the inbox's, over what a device keeps. */
function open(kept = new Map<string, string>()) {
  const device = memoryStorage(kept);
  const inbox = new Inbox(device, KEY);
  const remember = (isRead: boolean) => (shown: Nudge, at: number) =>
    rememberMessage(device, KEY, shown, { at, isRead });
  return Object.assign(inbox, { add: remember(false), read: remember(true) });
}
const idsIn = (inbox: Inbox) => inbox.messages.map(({ id }) => id);

describe('the inbox', () => {
  it('keeps what was shown, newest first, each once', () => {
    const inbox = open();
    inbox.add(nudge('first'), 10);
    inbox.add(nudge('second'), 20);
    inbox.add(nudge('first', { title: 'Told anew' }), 30);
    expect(inbox.messages).toMatchObject([
      { id: 'first', title: 'Told anew', at: 10, isRead: false },
      { id: 'second', at: 20 },
    ]);
  });

  it('keeps a code with its own deadline', () => {
    const inbox = open();
    const offer = { code: 'A-B', percentOff: 10, currency: 'EUR', expiresAt: 500 };
    inbox.add(nudge('count', { kind: 'countdown', offer }), 10);
    expect(inbox.messages).toMatchObject([{ code: 'A-B', expiresAt: 500 }]);
    inbox.end('count');
    expect(inbox.messages).toMatchObject([{ code: 'A-B', isOver: true }]);
  });

  it('is one list for all tabs: what one has read is read on each', () => {
    const kept = new Map<string, string>();
    const [here, there] = [open(kept), open(kept)];
    here.add(nudge('first'), 10);
    there.add(nudge('second'), 20);
    expect(here.unread).toBe(2);
    there.read(nudge('first'), 30);
    expect(here.unread).toBe(1);
    here.markRead();
    expect(there.unread).toBe(0);
  });

  it('holds thirty messages, and then the oldest go', () => {
    const inbox = open();
    for (let index = 0; index < 40; index++) inbox.add(nudge(`n-${index}`), index);
    expect(idsIn(inbox)).toHaveLength(30);
    expect(idsIn(inbox).at(-1)).toBe('n-10');
  });

  it('reminds nobody of a cart that was ordered; what came after the order stays', () => {
    const inbox = open();
    inbox.add(nudge('of the cart', { about: 'cart' }), 10);
    inbox.add(nudge('of the shop'), 20);
    inbox.add(nudge('of the next cart', { about: 'cart' }), 30);
    inbox.forgetCart(25);
    expect(idsIn(inbox)).toEqual(['of the next cart', 'of the shop']);
  });

  it.each(['', '{', 'null', '5', '{"id":"a"}', '[null,5,{"id":"a"}]'])(
    'is empty where the device has %j in its place',
    (text) => {
      const inbox = open(new Map([[KEY, text]]));
      expect(inbox.messages).toEqual([]);
      inbox.add(nudge('first'), 10);
      expect(idsIn(inbox)).toEqual(['first']);
    },
  );
});
