import { expect, it } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { LOG_START } from '../../server/store/store.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import { tempDir } from '../support/temp-dir.ts';
import { storeContract } from './store-contract.ts';

storeContract('the embedded store', async () => {
  const dir = await tempDir();
  return { open: (clock) => SqliteStore.open(dir, clock) };
});

it('its time does not go back over a restart, though the system’s clock does', async () => {
  const dir = await tempDir();
  const key = { site: SiteId.parse('shop'), shopper: ShopperId.parse('x'.repeat(22)) };
  const before = await SqliteStore.open(dir, () => 10_000_000);
  await before.load(key, []);
  await before.commit({
    key,
    version: 0,
    madeBy: '',
    at: 10_000_000,
    document: newShopper(key.shopper, 10_000_000),
    counts: [],
    records: [],
    coupons: [],
    budgets: [],
  });
  await before.close();
  const after = await SqliteStore.open(dir, () => 6_400_000);
  expect((await after.load(key, [])).now).toBe(10_000_000);
  await after.close();
});

it('closes though its log was read no further than a part', async () => {
  const dir = await tempDir();
  const store = await SqliteStore.open(dir);
  for (let at = 0; at < 400; at++) {
    const key = { site: SiteId.parse('shop'), shopper: ShopperId.parse(`x${at}`.padEnd(22, '-')) };
    const record = { at, ...key, version: 1, seed: [1, 2, 3, 4], input: { kind: 'clock' } } as const;
    const document = newShopper(key.shopper, at);
    await store.load(key, []);
    await store.commit({
      key,
      version: 0,
      madeBy: '',
      at,
      document,
      counts: [],
      records: [record],
      coupons: [],
      budgets: [],
    });
  }
  expect((await store.readLogLines(LOG_START, 100)).lines.trim().split('\n')).toHaveLength(100);
  await store.close();
  const again = await SqliteStore.open(dir);
  expect((await again.readLog(LOG_START, 2)).records.map(({ at }) => at)).toEqual([0, 1]);
  await again.close();
});

it('refuses a folder that another hub owns, in one clear line', async () => {
  const dir = await tempDir();
  const first = await SqliteStore.open(dir);
  await expect(SqliteStore.open(dir)).rejects.toThrow(
    `${dir} is in use by another hub (process ${process.pid}). One hub owns a DATA_DIR.`,
  );
  await first.close();
  await (await SqliteStore.open(dir)).close();
});
