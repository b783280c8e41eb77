import { describe, expect, it } from 'vitest';
import { askedSeed } from './asked-for.ts';
import { bundle, discard } from './bundle.ts';
import { runWorlds } from './crew.ts';
import { INVARIANTS } from './observer/violation.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';

/** As many worlds as the gate plays of each story: a fault that shows in none of them would get through it. */
const MOST_SEEDS = 2_000;
const seeds = Array.from({ length: MOST_SEEDS }, (_, index) => index + 1);

describe.skipIf(askedSeed !== null)('a planted fault does not go unnoticed', () => {
  it.each(PLANTED_FAULTS.map((fault, place) => [fault.name, fault, place] as const))(
    '%s',
    { timeout: 600_000 },
    async (_, fault, place) => {
      const file = await bundle(`fault-${place}`, fault);
      const { failure } = await runWorlds(file, seeds, { story: 'any life', steps: 500 });
      await discard(file);
      expect(failure?.invariant && INVARIANTS[failure.invariant]).toBeOneOf(
        fault.breaks.map((invariant) => INVARIANTS[invariant]),
      );
    },
  );

  it('each is a fault of its own', () => {
    expect(new Set(PLANTED_FAULTS.map(({ name }) => name)).size).toBe(PLANTED_FAULTS.length);
    expect(PLANTED_FAULTS.length).toBeGreaterThanOrEqual(20);
  });

  it('a fault that has lost its place in the code says so', async () => {
    const [known] = PLANTED_FAULTS;
    if (!known) throw new Error('There are no faults.');
    const lost = { ...known, name: 'lost', find: 'nobody writes this' };
    await expect(bundle('fault-lost', lost)).rejects.toThrow('which it says 0 times');
  });
});
