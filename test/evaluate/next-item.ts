import { readFileSync } from 'node:fs';
import { PairModel } from '../../server/learning/pair-model.ts';
import { SiteId } from '../../shared/ids.ts';
import { learn } from './learn.ts';
import { judge, report } from './rankings.ts';

/** YooChoose: from the items of a session so far, the next one. */
export function evaluateNextItem(folder: string): boolean {
  const model = new PairModel();
  const site = SiteId.parse('evaluate');
  const train = sessionsIn(`${folder}/yoochoose_100k_train.csv`);
  learn(model, site, 'viewed', train);
  const cases = sessionsIn(`${folder}/yoochoose_100k_test.csv`).flatMap((session) =>
    session
      .slice(1)
      .map((hidden, index) => ({ seen: session.slice(Math.max(0, index - 2), index + 1), hidden })),
  );
  const open = cases.filter(({ seen, hidden }) => !seen.includes(hidden));
  return report(
    'Next item viewed, YooChoose',
    open.length,
    judge(model.learned(site).viewed, train.length, open),
  );
}

function sessionsIn(path: string): string[][] {
  const sessions = new Map<string, string[]>();
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)) {
    const [session = '', item = ''] = line.split(',');
    const items = sessions.get(session) ?? [];
    items.push(item);
    sessions.set(session, items);
  }
  return [...sessions.values()];
}
