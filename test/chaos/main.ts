import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, machineLines } from '../bench/machine.ts';
import { scorecardLines } from './scorecard.ts';
import type { Score } from './score.ts';

/**
 * `npm run chaos [-- --short | --night] [--markdown FILE]`: kills, freezes and cuts off hubs and Redis, and prints the scorecard.
 * It takes about half an hour; `--short` is the part that `npm test` runs, and `--night` takes some hours.
 */
const { values: options } = parseArgs({
  options: { short: { type: 'boolean' }, night: { type: 'boolean' }, markdown: { type: 'string' } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(mkdtempSync(join(tmpdir(), 'cartbell-chaos-')), 'scores.jsonl');
const size = options.night ? 'night' : 'long';
const env = { ...process.env, CHAOS: options.short ? 'short' : size, CHAOS_SCORES: file };
writeFileSync(file, '');
// The rows that are simulated come from the worlds that `npm test` lives through, all of them.
const simulated = ['test/simulate/invariants.test.ts', 'test/simulate/absence.test.ts'];
const { status } = spawnSync('npx', ['vitest', 'run', 'test/chaos', ...simulated], {
  cwd: root,
  env,
  stdio: 'inherit',
});
const scores = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Score);
const lines = scorecardLines(scores);
console.log(`\n${machineLines(describeMachine()).join('\n')}\n\n${lines.join('\n')}`);
if (options.markdown !== undefined) writeFileSync(options.markdown, `${lines.join('\n')}\n`);
process.exit(status === 0 && scores.every(({ isMet }) => isMet) ? 0 : 1);
