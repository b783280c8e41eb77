import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../widget/event-queue.ts';
import { identify, type IdentifiedPage, type Shown } from '../../../widget/identity.ts';
import { keysOf } from '../../../widget/storage-keys.ts';
import { memoryStorage } from '../support/memory-storage.ts';

const SITE = 'pk_demo';
const keys = keysOf(SITE);
const tokenOf = (sub: string) => `head.${btoa(JSON.stringify({ sub }))}.signature`;

/** A page of a browser that is a guest's, and what it shows at the door each time that it comes in. */
function guestPage() {
  const device = memoryStorage();
  device.set(keys.token, 'cb1.guest.mac');
  const shown: Shown = {};
  const entries: Shown[] = [];
  const page: IdentifiedPage = {
    options: { hub: 'https://hub.test', site: SITE },
    device,
    keys,
    queue: new EventQueue(device, SITE, 'tab-a'),
    shown,
    watchers: new Set(),
    connectAnew: () => void entries.push({ ...shown }),
    letGo: () => undefined,
  };
  return { page, device, entries };
}

describe('what a page says of who is here', () => {
  it('is taken in the order in which it was said, by whoever of those that loaded this part is answered first', () => {
    const { page, entries } = guestPage();
    const said: unknown[] = [tokenOf('jo'), null];
    identify(page, said);
    expect(entries).toEqual([{ identity: tokenOf('jo') }, {}]);
    identify(page, said);
    expect(entries).toHaveLength(2);
  });

  it('leaves a guest alone where they come and go again, and again', () => {
    const { page, device, entries } = guestPage();
    identify(page, [tokenOf('jo'), null, null, tokenOf('sam'), null]);
    expect(entries.at(-1)).toEqual({});
    expect(device.get(keys.token)).toBe('cb1.guest.mac');
  });

  it('is heard also after something that can’t be read', () => {
    const { page, entries } = guestPage();
    const said: unknown[] = [tokenOf('jo'), 'nonsense', null];
    expect(() => identify(page, said)).toThrow();
    identify(page, said);
    expect(entries.at(-1)).toEqual({});
    expect(page.shown).toEqual({});
  });
});
