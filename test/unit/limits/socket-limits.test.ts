import { describe, expect, it } from 'vitest';
import { Addresses } from '../../../server/limits/addresses.ts';
import { shopperMessages, SocketLimits } from '../../../server/limits/socket-limits.ts';

function openSocket() {
  const addresses = new Addresses(1_000, () => 0);
  const state = { isCut: false };
  const limits = new SocketLimits('a', addresses, () => (state.isCut = true), 0);
  return { addresses, state, limits, shopper: shopperMessages(0) };
}

describe('a socket', () => {
  it('may say forty things at once and twenty a second, and is told when to come back', () => {
    const { limits, shopper, state } = openSocket();
    const waits = Array.from({ length: 41 }, () => limits.refusesMessage(shopper, 0));
    expect(waits.slice(0, 40).every((wait) => wait === 0)).toBe(true);
    expect(waits[40]).toBe(50);
    expect(limits.refusesMessage(shopper, 50)).toBe(0);
    expect(state.isCut).toBe(false);
  });

  it('that goes on over three seconds is cut off, and its address shut out', () => {
    const { limits, shopper, state, addresses } = openSocket();
    for (let now = 0; now < 3_500 && !state.isCut; now += 10) limits.refusesMessage(shopper, now);
    expect(state.isCut).toBe(true);
    expect(addresses.admits('a')).toBe(false);
  });

  it('that was too loud now and then is forgiven', () => {
    const { limits, shopper, state } = openSocket();
    for (let minute = 0; minute < 10; minute++)
      for (let message = 0; message < 60; message++) limits.refusesMessage(shopper, minute * 60_000);
    expect(state.isCut).toBe(false);
  });

  it('that is refused for what others say comes back in a second or two, and is no nuisance if it does', () => {
    const { limits, shopper, state, addresses } = openSocket();
    while (addresses.refusesMessage('a', 0) === 0);
    const waitMs = limits.refusesMessage(shopper, 0);
    expect(waitMs).toBeGreaterThanOrEqual(1_000);
    expect(waitMs).toBeLessThan(2_000);
    // Ten tabs that share it.
    for (let now = 0; now < 600_000; now += 1_000)
      for (let tab = 0; tab < 10; tab++) limits.noteTurnedAway(now + tab);
    expect(state.isCut).toBe(false);
  });

  it('that is refused for what others say, and goes on, is cut off within ten seconds', () => {
    const { limits, state, addresses } = openSocket();
    let now = 0;
    for (; now < 10_000 && !state.isCut; now += 50) limits.noteTurnedAway(now);
    expect(state.isCut).toBe(true);
    expect(addresses.admits('a')).toBe(false);
  });

  it('that floods below all messages is cut off at once, by count and by length', () => {
    const many = openSocket();
    for (let packet = 0; packet < 401; packet++) many.limits.notePacket(1, 0);
    expect(many.state.isCut).toBe(true);
    const long = openSocket();
    for (let packet = 0; packet < 17; packet++) long.limits.notePacket(60_000, 0);
    expect(long.state.isCut).toBe(true);
  });

  it('shares what its shopper may say with their other tabs', () => {
    const { addresses, shopper } = openSocket();
    const tabs = Array.from({ length: 6 }, () => new SocketLimits('a', addresses, () => undefined, 0));
    const taken = tabs.flatMap((tab) =>
      Array.from({ length: 30 }, () => tab.refusesMessage(shopper, 0)).filter((wait) => wait === 0),
    );
    expect(taken).toHaveLength(120);
  });
});
