import type { RedisKeys } from './redis-keys.ts';
import { connect, type RedisClient, type RedisLink } from './redis-link.ts';
import { StoreUnavailable } from './store.ts';

const WITHIN_MS = 200;

const MARK_FOR_MS = 10_000;

/**
 * Waits for replicas: a master that dies takes with it what they have not been told. On a connection of its own, since one
 * that waits does nothing else meanwhile. What was committed before the call is covered: a mark that went the way of the
 * commits must be there before the write that is waited for, so it is of the server that has them and comes after them.
 */
export class RedisConfirm {
  readonly #link: RedisLink;
  readonly #client: RedisClient;
  readonly #keys: RedisKeys;
  readonly #replicas: number;
  readonly #name: string;
  #marks = 0;

  /** `link`: by which the commits go. `name`: of this process, unlike all others. */
  constructor(
    link: RedisLink,
    url: string,
    keys: RedisKeys,
    { replicas, name }: { replicas: number; name: string },
  ) {
    this.#link = link;
    // Asked again on a new connection, perhaps of a server that took over and was never told, it would tell of nothing.
    this.#client = connect(url, { autoResendUnfulfilledCommands: false });
    this.#client.on('error', () => undefined);
    this.#keys = keys;
    this.#replicas = replicas;
    this.#name = name;
  }

  async confirm(): Promise<void> {
    const mark = this.#keys.mark(`${this.#name}-${(this.#marks++).toString(36)}`);
    await this.#link.ask((client) => client.set(mark, '1', 'PX', MARK_FOR_MS));
    const { isMarked, told } = await this.#tell(mark).catch((error: Error) => {
      throw new StoreUnavailable(`Replicas could not be asked: ${error.message}`);
    });
    // One of two that both take themselves for the master.
    if (!isMarked) throw new StoreUnavailable('Another server answers than the one that has the commits.');
    if (told < this.#replicas)
      throw new StoreUnavailable(`Only ${told} of ${this.#replicas} replicas have it.`);
  }

  close(): void {
    this.#client.disconnect();
  }

  async #tell(mark: string): Promise<{ isMarked: boolean; told: number }> {
    const isMarked = (await this.#client.pexpire(mark, MARK_FOR_MS)) === 1;
    return { isMarked, told: await this.#client.wait(this.#replicas, WITHIN_MS) };
  }
}
