import { connect, type RedisClient } from './redis-link.ts';
import type { RedisKeys } from './redis-keys.ts';
import { StoreUnavailable } from './store.ts';

const WITHIN_MS = 200;

/**
 * Waits for replicas: a master that dies takes with it what they have not been told. On a connection of its own, since one
 * that waits does nothing else meanwhile. What was committed before the call is covered: the write that is waited for
 * comes after it.
 */
export class RedisConfirm {
  readonly #client: RedisClient;
  readonly #keys: RedisKeys;
  readonly #replicas: number;

  constructor(url: string, keys: RedisKeys, replicas: number) {
    // Asked again on a new connection, perhaps of a server that took over and was never told, it would tell of nothing.
    this.#client = connect(url, { autoResendUnfulfilledCommands: false });
    this.#client.on('error', () => undefined);
    this.#keys = keys;
    this.#replicas = replicas;
  }

  async confirm(): Promise<void> {
    const told = await this.#tell().catch((error: Error) => {
      throw new StoreUnavailable(`Replicas could not be asked: ${error.message}`);
    });
    if (told < this.#replicas)
      throw new StoreUnavailable(`Only ${told} of ${this.#replicas} replicas have it.`);
  }

  close(): void {
    this.#client.disconnect();
  }

  async #tell(): Promise<number> {
    await this.#client.set(this.#keys.confirmed, '1');
    return this.#client.wait(this.#replicas, WITHIN_MS);
  }
}
