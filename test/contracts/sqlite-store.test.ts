import { expect, it } from 'vitest';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { tempDir } from '../support/temp-dir.ts';
import { storeContract } from './store-contract.ts';

storeContract('the embedded store', async () => {
  const dir = await tempDir();
  return { open: (clock) => SqliteStore.open(dir, clock) };
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
