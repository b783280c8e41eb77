import { expect, it } from 'vitest';
import { score } from '../chaos/score.ts';
import { askedSeed } from './asked-for.ts';
import { bundle, discard } from './bundle.ts';
import { runWorlds } from './crew.ts';
import { inWords } from './failure-in-words.ts';
import type { PlantedFault } from './planted-faults.ts';

const WORLDS = 2_000;
const story = { story: 'absence', steps: 0 } as const;

it('whoever was away for a second or a week is shown what is still good', { timeout: 180_000 }, async () => {
  const seeds = askedSeed === null ? Array.from({ length: WORLDS }, (_, index) => index + 1) : [askedSeed];
  const { failure, seen, seedsRun } = await runWorlds(await bundle('absence'), seeds, story);
  score({
    row: 'R7',
    measure: 'Missed after being away for 1 s to 7 days (simulated)',
    goal: '0 that were still good',
    result: failure ? 'one missed' : '0',
    runs: seedsRun,
    isMet: failure === null,
  });
  if (failure) expect.fail(inWords(failure, 'absence'));
  if (askedSeed !== null) return;
  for (const span of ['seconds', 'minutes', 'hours', 'days'])
    expect(seen.get(`painted, ${span}`) ?? 0, span).toBeGreaterThan(WORLDS / 100);
  for (const span of ['minutes', 'hours', 'days'])
    expect(seen.get(`never painted, ${span}`) ?? 0, span).toBeGreaterThan(WORLDS / 100);
});

const FAULTS: readonly PlantedFault[] = [
  {
    name: 'the welcome has nothing for a page that was here before',
    file: 'server/hub/connection.ts',
    find: 'nudges: document ? liveNudges(document, now) : [],',
    replace: 'nudges: [],',
    breaks: ['nothingMissed'],
  },
  {
    name: 'a page that is back takes nothing new from the welcome',
    file: 'widget/session.ts',
    find: 'return { ...session, welcomed: true, known: welcomed(session, signal) };',
    replace:
      'return session.welcomed ? session : { ...session, welcomed: true, known: welcomed(session, signal) };',
    breaks: ['nothingMissed'],
  },
];

it.skipIf(askedSeed !== null).each(FAULTS.map((fault, place) => [fault.name, fault, place] as const))(
  'it is noticed that %s',
  { timeout: 60_000 },
  async (_, fault, place) => {
    const file = await bundle(`absence-fault-${place}`, fault);
    const seeds = Array.from({ length: WORLDS / 10 }, (_seed, index) => index + 1);
    const { failure } = await runWorlds(file, seeds, story);
    await discard(file);
    expect(fault.breaks).toContain(failure?.invariant);
  },
);
