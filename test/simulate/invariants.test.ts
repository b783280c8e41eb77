import { expect, it } from 'vitest';
import { score } from '../chaos/score.ts';
import { askedFault, askedSeed } from './asked-for.ts';
import { bundle } from './bundle.ts';
import { runWorlds } from './crew.ts';
import { inWords } from './failure-in-words.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';

const SEEDS = 2_000;
const STEPS = 500;
const FIRST_SEED = 1;
/** On the scorecard alone: a test has no opinion on how fast the machine is. */
const MOST_SECONDS = 90;

const any = { story: 'any life', steps: STEPS } as const;

/** What a thousand thousand steps must not be without. */
const MUST_HAPPEN = [
  'page purchase',
  'server purchase',
  'page nudge_displayed',
  'painted toast',
  'painted countdown',
  'withdrawn moved',
  'withdrawn purchased',
  'ended expired unseen',
  'ended purchased',
  'ended dismissed',
  'ended spent',
  'ended replaced unseen',
  'held by limit',
  'held by site_limit',
  'held by cooldown',
  'held by budget_spent',
  'held by offer_live',
  'held by dismissed',
  'held by late_event',
  'held by consent',
  'held by stale',
  'answered redeemed',
  'answered spent',
  'answered expired',
  'commit refused as conflict',
  'commit untold',
  'hub killed',
  'hub killed with a deadline in hand',
];

it.skipIf(askedSeed !== null)(
  `${SEEDS} worlds keep every promise for ${STEPS} steps`,
  { timeout: 600_000 },
  async () => {
    const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index);
    const startedAt = performance.now();
    const { failure, seen, seedsRun } = await runWorlds(await bundle('sound'), seeds, any);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    score({
      row: 'R12',
      measure: 'Simulated worlds that break a promise',
      goal: `0 of ${SEEDS} worlds of ${STEPS} steps within ${MOST_SECONDS} s`,
      result: `${failure ? `seed ${failure.seed}` : '0'}, in ${seconds} s`,
      runs: seedsRun,
      isMet: failure === null && seconds <= MOST_SECONDS,
    });
    if (failure) expect.fail(inWords(failure, 'invariants'));
    expect(MUST_HAPPEN.filter((what) => (seen.get(what) ?? 0) < 10)).toEqual([]);
  },
);

it.runIf(askedSeed !== null)(
  `the world of seed ${askedSeed} keeps every promise`,
  { timeout: 60_000 },
  async () => {
    const fault = PLANTED_FAULTS.find(({ name }) => name === askedFault);
    const { failure } = await runWorlds(await bundle('asked', fault), [askedSeed ?? 0], any);
    if (failure) expect.fail(inWords(failure, 'invariants', fault?.name));
  },
);
