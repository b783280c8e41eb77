import { expect, it } from 'vitest';
import { askedSeed } from './asked-for.ts';
import { bundle, discard } from './bundle.ts';
import { runWorlds } from './crew.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';
import { inWords } from './failure-in-words.ts';

const RACES = 10_000;

it(
  'a purchase may race a due step in any of 10,000 ways: nothing reminds of the cart after its commit',
  {
    timeout: 180_000,
  },
  async () => {
    const seeds = askedSeed === null ? Array.from({ length: RACES }, (_, index) => index + 1) : [askedSeed];
    const { failure, seen } = await runWorlds(await bundle('race'), seeds, {
      story: 'purchase race',
      steps: 0,
    });
    if (failure) expect.fail(inWords(failure, 'purchase-race'));
    if (askedSeed !== null) return;
    const often = RACES / 100;
    expect(seen.get('the purchase came first')).toBeGreaterThan(often);
    expect(seen.get('the reminder came first')).toBeGreaterThan(often);
    expect(seen.get('ended purchased')).toBeGreaterThan(often);
    expect(seen.get('ended purchased unseen')).toBeGreaterThan(often);
  },
);

it
  .skipIf(askedSeed !== null)
  .each([
    'a purchase leaves the reminders up',
    'a purchase of a shop’s server leaves the reminders up',
    'pages are not told that a nudge has ended',
    'a page goes on painting what was withdrawn',
    'a conflict passes for success',
  ])('a race is lost where %s', { timeout: 60_000 }, async (name) => {
  const fault = PLANTED_FAULTS.find((other) => other.name === name);
  const file = await bundle('race-lost', fault);
  const seeds = Array.from({ length: RACES / 10 }, (_, index) => index + 1);
  const { failure } = await runWorlds(file, seeds, { story: 'purchase race', steps: 0 });
  await discard(file);
  expect(fault?.breaks).toContain(failure?.invariant);
});
