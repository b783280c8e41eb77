import type { Store } from '../store/store.ts';

const REGISTER = 'leases';
const LEASE_MS = 10_000;

/** A right that one hub has at a time. A hub that dies with it has it for ten seconds more. */
export class Lease {
  readonly #store: Store;
  readonly #name: string;

  constructor(store: Store, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** Does the work while no other hub does; null: another one has the right now. */
  async hold<T>(work: () => Promise<T>): Promise<T | null> {
    const { registers, node } = this.#store;
    const takenAt = performance.now();
    const expiresAt = (await this.#store.time()) + LEASE_MS;
    // An entry that has expired is as good as absent, so the version is always the first.
    if (!(await registers.write(REGISTER, { id: this.#name, version: 1, text: node, expiresAt })))
      return null;
    try {
      return await work();
    } finally {
      // Once it may be over, it may be another's.
      if (performance.now() - takenAt < LEASE_MS / 2)
        await registers.write(REGISTER, { id: this.#name, version: 2, text: null, expiresAt: null });
    }
  }
}
