import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluateBaskets } from './baskets.ts';
import { evaluateBacktest } from './idle-cart-backtest.ts';
import { evaluateNextItem } from './next-item.ts';

/** Judges the product on real data, which is not part of the repository: `npm run evaluate [FOLDER]`. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const data = process.argv[2] ?? `${root}../shared/data`;

function replay(): boolean {
  const program = `${root}dist/server/replay.js`;
  const log = `${data}/rees46-events/events_2019-10-01.csv`;
  const { status } = spawnSync(process.execPath, [program, log, '--speed', '1000'], { stdio: 'inherit' });
  return status === 0;
}

if (!existsSync(data)) {
  console.error(`No data in ${data}: name the folder, as in "npm run evaluate -- FOLDER".`);
  process.exitCode = 1;
} else {
  const results = [
    evaluateNextItem(`${data}/yoochoose-100k`),
    evaluateBaskets(`${data}/groceries/groceries.csv`),
    replay(),
    await evaluateBacktest(`${data}/rees46-events/events_2019-10-01.csv`),
  ];
  const failed = results.filter((passed) => !passed).length;
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
