import { expect, it } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { check } from '../support/rig/checker.ts';
import { shop } from '../support/rig/eager-shop.ts';
import { History, readHistory } from '../support/rig/history.ts';
import { type HubNode, startNodes } from '../support/rig/nodes.ts';
import { Crowd } from '../support/rig/shoppers.ts';
import { TcpProxy } from '../support/rig/tcp-proxy.ts';
import { until } from '../support/rig/until.ts';
import { wholeLog } from '../support/rig/whole-log.ts';
import { siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const TIMEOUT_MS = 90_000;
const SHOPPERS = 10;
const TABS = 3;
const EVENTS = 30;

async function startNode(): Promise<{ node: HubNode; dir: string }> {
  const dir = await tempDir();
  const site = { rules: shop.rules, settings: shop.settings };
  const [node] = await startNodes(1, { DATA_DIR: dir, SITE_FILE: await siteFile(dir, site) });
  if (!node) throw new Error('No node was started.');
  return { node, dir };
}

async function logIn(dir: string) {
  const store = await SqliteStore.open(dir);
  const records = await wholeLog(store);
  await store.close();
  return records;
}

it(
  'a crowd gets every event through kills, a freeze and a bad network, twice on purpose and counted once',
  async () => {
    const { node, dir } = await startNode();
    const proxy = await TcpProxy.start({ port: Number(new URL(node.url).port) }, 'bytes');
    const path = `${dir}/history.jsonl`;
    const history = new History(path);
    const acked = () =>
      new Set(history.operations.flatMap(({ id, result }) => (result === 'acked' ? [id] : []))).size;
    const crowd = Crowd.start({
      urls: () => [node.url, `http://127.0.0.1:${proxy.port}`],
      history,
      shoppers: SHOPPERS,
      tabs: TABS,
      events: EVENTS,
      duplicates: 0.3,
      pauseMs: 100,
    });
    const all = SHOPPERS * TABS * EVENTS;
    for (const share of [0.15, 0.4]) {
      await until('enough is acked', () => acked() > share * all, 30_000);
      await history.kill('hub', () => node.kill());
      expect(node.isUp).toBe(false);
      await node.restart();
    }
    await until('enough is acked', () => acked() > 0.5 * all, 30_000);
    proxy.halfOpen();
    node.freeze();
    const unanswered = () => history.operations.filter(({ result }) => result === 'unknown').length;
    const before = unanswered();
    await until('the crowd has noticed', () => unanswered() > before);
    node.thaw();
    await crowd.sent;
    await until('everybody is back', () => crowd.welcome === SHOPPERS * TABS);
    await proxy.heal();
    await crowd.settled();
    await crowd.stop();
    expect(await node.stop()).toBe(0);

    const { violations, counts } = check(history.operations, await logIn(dir), shop);
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ acked: acked(), kills: 2 });
    expect(counts.acked).toBeGreaterThanOrEqual(all);
    expect(counts.granted).toBeGreaterThan(SHOPPERS);
    expect(counts.atRisk).toBeGreaterThan(0);
    expect(readHistory(path)).toEqual(history.operations);
    const attempts = history.operations.filter(({ op }) => op === 'event').length;
    expect(attempts).toBeGreaterThan(1.1 * all);
  },
  TIMEOUT_MS,
);

it('the checker sees what a log has lost of what a real crowd was told', async () => {
  const { node, dir } = await startNode();
  const history = new History();
  const crowd = Crowd.start({ urls: () => [node.url], history, shoppers: 3, tabs: 2, events: 5 });
  await crowd.sent;
  await crowd.settled();
  await crowd.stop();
  await node.stop();
  const records = await logIn(dir);
  expect(check(history.operations, records, shop).violations).toEqual([]);
  const lost = records.filter(({ input }) => input.kind !== 'claim');
  const invariants = check(history.operations, lost, shop).violations.map(({ invariant }) => invariant);
  expect(invariants).toContain('paintedOnce');
  const short = records.slice(0, -10);
  expect(check(history.operations, short, shop).violations.map(({ invariant }) => invariant)).toContain(
    'countedOnce',
  );
});

it('a crowd that nobody answers ends by itself, and what it asked is on record as never answered', async () => {
  const { node } = await startNode();
  const history = new History();
  const crowd = Crowd.start({
    urls: () => [node.url],
    history,
    shoppers: 2,
    events: 10_000,
    patienceMs: 2_000,
    report: (index) => ({ name: 'view_item', params: { items: [{ item_id: `item-${index}` }] } }),
  });
  await until('something is acked', () => history.operations.some(({ result }) => result === 'acked'));
  node.freeze();
  await crowd.sent;
  await crowd.settled();
  expect(crowd.welcome).toBe(0);
  expect(history.operations.filter(({ returned }) => returned === null)).toEqual([]);
  expect(history.operations.at(-1)?.result).toBe('unknown');
});
