import { describe, expect, it, vi } from 'vitest';
import { Consent } from '../../../widget/consent.ts';

/** As gtag does it. */
function gtag(..._given: unknown[]): IArguments {
  // oxlint-disable-next-line prefer-rest-params
  return arguments;
}
const DENIED = { analytics_storage: 'denied', ad_storage: 'denied', ad_personalization: 'denied' };
const GRANTED = { analytics_storage: 'granted', ad_storage: 'granted', ad_personalization: 'granted' };

type Allowed = [mayStore: boolean, marketing: 'granted' | 'denied' | undefined];

describe('what the shopper allows', () => {
  it.each<[name: string, isRequired: boolean, entries: unknown[], allowed: Allowed]>([
    ['where the shop asks for nothing', false, [], [true, undefined]],
    ['where the tag asks for consent', true, [], [false, undefined]],
    ['once it was given', true, [['consent', { storage: 'granted' }]], [true, undefined]],
    [
      'of each by itself',
      true,
      [
        ['consent', { storage: 'granted' }],
        ['consent', { marketing: 'denied' }],
      ],
      [true, 'denied'],
    ],
    [
      'by the last word',
      false,
      [
        ['consent', { storage: 'granted' }],
        ['consent', { storage: 'denied' }],
      ],
      [false, undefined],
    ],
    ['as Consent Mode has it by default', false, [gtag('consent', 'default', DENIED)], [false, 'denied']],
    [
      'as Consent Mode has it when the shopper has chosen',
      false,
      [gtag('consent', 'default', DENIED), gtag('consent', 'update', GRANTED)],
      [true, 'granted'],
    ],
    [
      'storage without marketing',
      false,
      [
        gtag('consent', 'default', DENIED),
        gtag('consent', 'update', { ...DENIED, analytics_storage: 'granted' }),
      ],
      [true, 'denied'],
    ],
    [
      'where personalisation is not spoken of',
      false,
      [gtag('consent', 'update', { ad_storage: 'granted' })],
      [true, 'granted'],
    ],
    [
      'a default that grants gives nothing where the tag asks for consent',
      true,
      [gtag('consent', 'default', GRANTED)],
      [false, undefined],
    ],
    [
      'a default for one region holds in all: where this is, no page knows',
      false,
      [gtag('consent', 'default', { ...DENIED, region: ['DE'] }), gtag('consent', 'default', GRANTED)],
      [false, 'denied'],
    ],
    [
      'a default that comes after the shopper’s word is too late',
      false,
      [gtag('consent', 'update', GRANTED), gtag('consent', 'default', DENIED)],
      [true, 'granted'],
    ],
    [
      'nothing that is no word',
      true,
      [
        ['consent'],
        ['consent', null],
        ['consent', { storage: true, marketing: 'yes' }],
        ['consent', 'update'],
        { event: 'consent', storage: 'granted' },
        'consent',
        null,
        ['event', 'consent', { storage: 'granted' }],
      ],
      [false, undefined],
    ],
  ])('%s', (_, isRequired, entries, [mayStore, marketing]) => {
    const early = new Consent(isRequired, entries);
    const later = new Consent(isRequired, []);
    for (const entry of entries) later.hear(entry);
    for (const consent of [early, later])
      expect([consent.mayStore, consent.words.marketing]).toEqual([mayStore, marketing]);
  });

  it('is told each time that it is another, and only then', () => {
    const consent = new Consent(true, []);
    const changed = vi.fn<() => void>();
    consent.changed = changed;
    consent.hear(['consent', { storage: 'granted' }]);
    consent.hear(['consent', { storage: 'granted' }]);
    consent.hear(['event', 'page_view']);
    expect(changed).toHaveBeenCalledOnce();
    consent.hear(['consent', { storage: 'denied' }]);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('is not what was said before, though that is heard again', () => {
    const entries = [gtag('consent', 'update', GRANTED), gtag('consent', 'update', DENIED)];
    const consent = new Consent(false, entries);
    const changed = vi.fn<() => void>();
    consent.changed = changed;
    for (const entry of entries) consent.hear(entry);
    expect(changed).not.toHaveBeenCalled();
    expect(consent.mayStore).toBe(false);
  });
});

describe('the shopper’s word is waited for', () => {
  const withWait = (ms: unknown) => gtag('consent', 'default', { ...DENIED, wait_for_update: ms });
  const isOver = async (consent: Consent) => {
    const open = Symbol('open');
    await vi.advanceTimersByTimeAsync(0);
    return (await Promise.race([consent.awaited, Promise.resolve(open)])) !== open;
  };

  it.each<[entries: unknown[], waitedMs: number]>([
    [[], 0],
    [[withWait(500)], 500],
    [[withWait('soon')], 0],
    [[withWait(60_000)], 2_000],
    [[withWait(500), gtag('consent', 'update', DENIED)], 0],
  ])('%#: as long as the shop asks for, within reason', async (entries, waitedMs) => {
    vi.useFakeTimers();
    const consent = new Consent(false, entries);
    if (waitedMs > 0) {
      await vi.advanceTimersByTimeAsync(waitedMs - 1);
      expect(await isOver(consent)).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(await isOver(consent)).toBe(true);
    vi.useRealTimers();
  });

  it('and no longer than until it is there', async () => {
    vi.useFakeTimers();
    const consent = new Consent(false, [withWait(500)]);
    consent.hear(gtag('consent', 'update', GRANTED));
    expect(await isOver(consent)).toBe(true);
    vi.useRealTimers();
  });
});
