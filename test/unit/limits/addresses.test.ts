import { describe, expect, it } from 'vitest';
import { Addresses } from '../../../server/limits/addresses.ts';

function street(mostSockets: number) {
  const time = { now: 0 };
  return { time, addresses: new Addresses(mostSockets, () => time.now) };
}

describe('an address', () => {
  it('has so many pages open at most, and one more when one was closed', () => {
    const { addresses, time } = street(2);
    for (let page = 0; page < 2; page++) {
      expect(addresses.admits('a')).toBe(true);
      addresses.opened('a');
    }
    time.now = 60_000;
    expect(addresses.admits('a')).toBe(false);
    expect(addresses.admits('b')).toBe(true);
    addresses.closed('a');
    expect(addresses.admits('a')).toBe(true);
  });

  it('opens pages at a tenth of that a second', () => {
    const { addresses, time } = street(10);
    const opened = () => Array.from({ length: 30 }, () => addresses.admits('a')).filter(Boolean).length;
    expect(opened()).toBe(10);
    time.now = 2_000;
    expect(opened()).toBe(2);
  });

  it('says two things a second for each page it may have, and a quarter of a second of that at once', () => {
    const { addresses, time } = street(300);
    const taken = () =>
      Array.from({ length: 2_000 }, () => addresses.refusesMessage('a')).filter((wait) => wait === 0).length;
    expect(taken()).toBe(150);
    time.now = 100;
    expect(taken()).toBe(60);
    time.now = 60_000;
    expect(taken()).toBe(150);
  });

  it('may always say fifty things at once, however few pages it may have', () => {
    const { addresses } = street(1);
    const waits = Array.from({ length: 51 }, () => addresses.refusesMessage('a'));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(50);
    expect(waits[50]).toBe(500);
  });

  it('that is shut out opens none for a minute; others do', () => {
    const { addresses, time } = street(10);
    addresses.block('a');
    expect([addresses.admits('a'), addresses.admits('b')]).toEqual([false, true]);
    time.now = 59_999;
    expect(addresses.admits('a')).toBe(false);
    time.now = 60_000;
    expect(addresses.admits('a')).toBe(true);
  });

  it('is forgotten once nothing is open there, so that any number of them takes bounded room', () => {
    const { addresses, time } = street(10);
    addresses.opened('stays');
    addresses.block('blocked');
    for (let count = 0; count < 60_000; count++) {
      time.now += 10;
      addresses.admits(`passer-by-${count}`);
    }
    expect(addresses.size).toBeLessThanOrEqual(50_000);
    for (let page = 0; page < 9; page++) addresses.opened('stays');
    expect(addresses.admits('stays')).toBe(false);
  });
});
