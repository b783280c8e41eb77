import { expect, it } from 'vitest';
import type { Store } from '../../server/store/store.ts';

/** The store under test, as the contract has it before each test. */
export interface Contracted {
  store(): Store;
  reopen(): Promise<void>;
  passUntil(time: number): void;
}

/** What every store guarantees of its registers. */
export function registersContract({ store, reopen, passUntil }: Contracted): void {
  it('keeps entries of registers, writes each upon the version before it alone, and forgets it when it expires', async () => {
    const entry = { id: 'jo', version: 1, text: 'one', expiresAt: null };
    const tries = await Promise.all(
      [1, 2, 3].map((turn) => store().registers.write('people', { ...entry, text: `one ${turn}` })),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    const brief = { id: 'ada', version: 1, text: 'brief', expiresAt: 5_000 };
    expect(await store().registers.write('people', brief)).toBe(true);
    expect(await store().registers.write('others', { ...entry, text: 'another' })).toBe(true);
    await reopen();
    expect(await store().registers.read('people', 'ada')).toEqual(brief);
    expect((await store().registers.list('people', '', 10)).map(({ id }) => id)).toEqual(['ada', 'jo']);
    expect((await store().registers.list('people', 'ada', 10)).map(({ id }) => id)).toEqual(['jo']);
    passUntil(5_000);
    expect(await store().registers.read('people', 'ada')).toBeNull();
    expect((await store().registers.list('people', '', 1)).map(({ id }) => id)).toEqual(['jo']);
    // What has expired is as good as absent.
    expect(await store().registers.write('people', { ...brief, expiresAt: 9_000 })).toBe(true);
    expect(await store().registers.write('people', { ...entry, version: 3 })).toBe(false);
    expect(await store().registers.write('people', { ...entry, version: 2, text: null })).toBe(true);
    expect(await store().registers.read('people', 'jo')).toBeNull();
    expect(await store().registers.read('others', 'jo')).toMatchObject({ text: 'another' });
  });
}
