import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type HubNode, startNodes } from '../support/rig/nodes.ts';
import { tempDir } from '../support/temp-dir.ts';

it('nodes keep their ports over kills, and an environment that differs from one to the next is theirs', async () => {
  const dirs = [await tempDir(), await tempDir()];
  const nodes = await startNodes(2, (index) => ({ DATA_DIR: dirs[index] ?? '' }));
  expect(dirs.map((dir) => existsSync(join(dir, 'cartbell.db')))).toEqual([true, true]);
  const [first, second] = nodes;
  expect(first?.url).not.toBe(second?.url);
  const { url, pid } = first as HubNode;
  await first?.kill();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  await first?.restart();
  expect(first?.pid).not.toBe(pid);
  expect((await fetch(`${url}/healthz`)).ok).toBe(true);
  expect(first?.log.join('\n')).toContain('the hub is up');
  await expect(first?.restart()).rejects.toThrow('is up');
  await second?.kill();
  expect(() => second?.freeze()).toThrow('is down');
  expect(await second?.stop()).toBeNull();
});

it('a frozen node answers nothing until it is thawed; frozen, it can be killed, or asked to end', async () => {
  const nodes = await startNodes(2, {});
  const [first, second] = nodes as [HubNode, HubNode];
  let has = 'not answered';
  first.freeze();
  const answer = fetch(`${first.url}/healthz`).then(({ status }) => (has = `answered ${status}`));
  expect((await fetch(`${second.url}/healthz`)).status).toBe(200);
  expect(has).toBe('not answered');
  first.thaw();
  expect(await answer).toBe('answered 200');
  first.freeze();
  expect(await first.stop()).toBe(0);
  second.freeze();
  await second.kill();
  expect([first.isUp, second.isUp]).toEqual([false, false]);
});
