import { describe, expect, it } from 'vitest';
import { Passwords } from '../../../server/accounts/passwords.ts';

const quick = { ln: 4, r: 8, p: 1 };

describe('a password', () => {
  it('is hashed with scrypt at N=2^17, r=8, p=1, each with a salt of its own', async () => {
    const passwords = new Passwords();
    const [one, other] = await Promise.all([
      passwords.hash('correct horse'),
      passwords.hash('correct horse'),
    ]);
    expect(one).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await passwords.matches(one, 'correct horse')).toBe(true);
  });

  it('matches itself alone, however its letters are composed', async () => {
    const passwords = new Passwords(quick);
    const stored = await passwords.hash('caf\u00e9 at the corner');
    expect(await passwords.matches(stored, 'cafe\u0301 at the corner')).toBe(true);
    expect(await passwords.matches(stored, 'cafe at the corner')).toBe(false);
    expect(await passwords.matches(stored, '')).toBe(false);
  });

  it('that was hashed at another cost is known, and known to be outdated', async () => {
    const stored = await new Passwords(quick).hash('correct horse');
    const today = new Passwords({ ...quick, ln: 5 });
    expect(await today.matches(stored, 'correct horse')).toBe(true);
    expect(today.isOutdated(stored)).toBe(true);
    expect(today.isOutdated(await today.hash('correct horse'))).toBe(false);
  });

  it('that there is not matches nothing, after the same work', async () => {
    const passwords = new Passwords({ ln: 11, r: 8, p: 1 });
    const stored = await passwords.hash('correct horse');
    const time = async (known: string | null) => {
      const startedAt = process.cpuUsage();
      expect(await passwords.matches(known, 'wrong')).toBe(false);
      const { user, system } = process.cpuUsage(startedAt);
      return user + system;
    };
    const spent = { known: 0, unknown: 0 };
    for (let round = 0; round < 20; round++) {
      spent.known += await time(stored);
      spent.unknown += await time(null);
    }
    expect(spent.unknown / spent.known).toBeGreaterThan(0.7);
    expect(spent.unknown / spent.known).toBeLessThan(1.4);
  });
});

it('two are hashed at once, 32 wait, and who comes after them is told to come back', async () => {
  const passwords = new Passwords(quick);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, () => passwords.hash('correct horse')),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(34);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ code: 'busy', retryAfterMs: 5_000 });
  expect(await passwords.hash('correct horse')).toContain('$scrypt$');
});
