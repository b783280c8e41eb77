import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pageStorage } from '../../../widget/page-storage.ts';

/** A browser's own, with its keys as its own properties, and a record of who asked for what. */
class FakeStorage {
  readonly #asked: string[];

  constructor(asked: string[], kept: Readonly<Record<string, string>> = {}) {
    this.#asked = asked;
    Object.assign(this, kept);
  }

  getItem(key: string): string | null {
    this.#asked.push(`get ${key}`);
    return ((this as Record<string, unknown>)[key] as string | undefined) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#asked.push(`set ${key}`);
    Object.assign(this, { [key]: value });
  }

  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

const asked: string[] = [];
const device = (kept: Readonly<Record<string, string>> = {}) =>
  vi.stubGlobal('window', { localStorage: new FakeStorage(asked, kept) });
const onDevice = () => ({ ...(window.localStorage as unknown as Record<string, string>) });

beforeEach(() => {
  asked.length = 0;
  device();
});
afterEach(() => void vi.unstubAllGlobals());

describe('where nothing may be kept', () => {
  it('the device is neither written nor read', () => {
    device({ 'cartbell:token': 'old' });
    const storage = pageStorage('localStorage', false);
    storage.set('cartbell:token', 'new');
    expect(storage.get('cartbell:token')).toBe('new');
    expect(storage.get('cartbell:rev')).toBeNull();
    expect(storage.keys('cartbell:')).toEqual(['cartbell:token']);
    storage.remove('cartbell:token');
    expect(storage.get('cartbell:token')).toBeNull();
    expect(asked).toEqual([]);
    expect(onDevice()).toEqual({ 'cartbell:token': 'old' });
  });

  it('all of it is kept once it may be, and what was there before holds', () => {
    device({ 'cartbell:token': 'old' });
    const storage = pageStorage('localStorage', false);
    storage.set('cartbell:token', 'new');
    storage.set('cartbell:rev', '7');
    storage.allow();
    expect(storage.get('cartbell:token')).toBe('old');
    expect(onDevice()).toEqual({ 'cartbell:token': 'old', 'cartbell:rev': '7' });
  });
});

it('what may no longer be kept leaves the device at once, and the page knows it still', () => {
  device({ 'cartbell:token': 'old', theirs: 'stays' });
  const storage = pageStorage('localStorage', true);
  storage.set('cartbell:rev', '7');
  storage.forbid('cartbell:');
  expect(onDevice()).toEqual({ theirs: 'stays' });
  expect(storage.get('cartbell:token')).toBe('old');
  storage.set('cartbell:rev', '8');
  expect(onDevice()).toEqual({ theirs: 'stays' });
});

it('what a page before has left goes unread, where this one was never allowed to', () => {
  device({ 'cartbell:token': 'old', theirs: 'stays' });
  const storage = pageStorage('localStorage', false);
  storage.set('cartbell:rev', '7');
  storage.forbid('cartbell:');
  expect(onDevice()).toEqual({ theirs: 'stays' });
  expect(asked).toEqual([]);
  expect(storage.get('cartbell:token')).toBeNull();
  expect(storage.get('cartbell:rev')).toBe('7');
});

it('where another tab has emptied the device nothing is taken from it, and nothing put there any more', () => {
  device({ 'cartbell:token': 'new' });
  const storage = pageStorage('localStorage', true);
  storage.forbid(null);
  storage.set('cartbell:rev', '7');
  expect(onDevice()).toEqual({ 'cartbell:token': 'new' });
});

describe('a device that can’t keep anything', () => {
  it.each([
    [
      'forbids to ask',
      () =>
        vi.stubGlobal(
          'window',
          Object.defineProperty({}, 'localStorage', {
            get: () => {
              throw new Error('denied');
            },
          }),
        ),
    ],
    ['has none', () => vi.stubGlobal('window', {})],
    [
      'is full',
      () =>
        vi.stubGlobal('window', {
          localStorage: Object.assign(new FakeStorage(asked), {
            setItem: () => {
              throw new Error('full');
            },
          }),
        }),
    ],
  ])('%s: the page remembers', (_, stub) => {
    stub();
    const storage = pageStorage('localStorage', true);
    storage.set('cartbell:token', 'mine');
    expect(storage.get('cartbell:token')).toBe('mine');
    expect(storage.keys('cartbell:')).toContain('cartbell:token');
  });
});
