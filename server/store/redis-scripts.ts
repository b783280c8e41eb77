import { createHash } from 'node:crypto';
import advanceFold from './redis-scripts/advance-fold.lua?raw';
import claimDue from './redis-scripts/claim-due.lua?raw';
import clock from './redis-scripts/clock.lua?raw';
import commit from './redis-scripts/commit.lua?raw';
import erase from './redis-scripts/erase.lua?raw';
import enterPages from './redis-scripts/enter-pages.lua?raw';
import holdBudget from './redis-scripts/hold-budget.lua?raw';
import logLag from './redis-scripts/log-lag.lua?raw';
import load from './redis-scripts/load.lua?raw';
import markTake from './redis-scripts/mark-take.lua?raw';
import readSeqs from './redis-scripts/read-seqs.lua?raw';
import settleBudget from './redis-scripts/settle-budget.lua?raw';
import writeEntry from './redis-scripts/write-entry.lua?raw';
import writeSite from './redis-scripts/write-site.lua?raw';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** One file a command: its head tells keys, arguments and result. */
export const SCRIPTS = {
  advanceFold: script(advanceFold),
  claimDue: script(claimDue),
  commit: script(commit),
  enterPages: script(enterPages),
  erase: script(erase),
  holdBudget: script(holdBudget),
  load: script(load),
  logLag: script(logLag),
  markTake: script(markTake),
  readSeqs: script(readSeqs),
  settleBudget: script(settleBudget),
  writeEntry: script(writeEntry),
  writeSite: script(writeSite),
} as const;

function script(source: string): Script {
  const text = source.replace('-- with clock.lua\n', () => clock);
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
