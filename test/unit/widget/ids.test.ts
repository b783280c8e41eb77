import { expect, it } from 'vitest';
import { EventId, TabId } from '../../../shared/ids.ts';
import { randomText, ulid } from '../../../widget/ids.ts';

const NOW = 1_795_000_000_000;

it('an id is 26 of Crockford’s characters, and one that the hub takes', () => {
  for (const now of [0, 1, NOW, 2 ** 48 - 1]) {
    expect(ulid(now)).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(EventId.safeParse(ulid(now)).success).toBe(true);
  }
});

it('its beginning is the time, as the ULID specification writes it', () => {
  expect(ulid(1_469_918_176_385).slice(0, 10)).toBe('01ARYZ6S41');
});

it('ids sort by time', () => {
  const ids = [0, 1, 31, 32, 1_023, NOW, NOW + 1].map((now) => ulid(now));
  expect(ids.toSorted()).toEqual(ids);
});

it('no two are the same', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => ulid(NOW))).size).toBe(10_000);
});

it('a random text is as long as asked for, and fit for a tab', () => {
  expect(randomText(0)).toBe('');
  expect(TabId.safeParse(randomText(16)).success).toBe(true);
});
