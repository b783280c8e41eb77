import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { History, readHistory } from '../support/rig/history.ts';
import { tempDir } from '../support/temp-dir.ts';

const asked = { shopper: 'anna', tab: 'tab-first' };

it('a history in a file is read as it was, also when its writer was killed in the midst of a line', async () => {
  const path = join(await tempDir(), 'history.jsonl');
  const history = new History(path);
  const first = history.begin('event', { id: 'event-1', ...asked, name: 'view_item' });
  history.begin('claim', { id: 'nudge-1', ...asked, from: 'push' });
  await history.kill('hub', () => undefined);
  first('acked');
  expect(history.operations.map(({ op, result }) => [op, result])).toEqual([
    ['event', 'acked'],
    ['claim', null],
    ['kill', 'done'],
  ]);
  await appendFile(path, '{"index":3,"op":"ev');
  expect(readHistory(path)).toEqual(history.operations);
});
