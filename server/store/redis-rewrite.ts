import { Cluster } from 'ioredis';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';

/**
 * Redis's append-only file still has what was written of shoppers who were erased since; once it is written anew it has not. That
 * goes on in the background: whether it has succeeded, the turn after it sees, and asks again where it has not.
 */
export class RedisRewrite {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  /** A server that does not allow it (or is rewriting already) is asked again at the next turn. */
  async takeTurn(): Promise<void> {
    const { rewriteWanted, rewriteBegun } = this.#keys;
    const [wanted, begun] = await this.#link.ask((client) =>
      Promise.all([client.get(rewriteWanted), client.get(rewriteBegun)]),
    );
    if (wanted === null && begun === null) return;
    if (wanted === null && (await this.#link.ask(haveRewritten))) {
      await this.#link.ask((client) => client.del(rewriteBegun));
      return;
    }
    await this.#link.ask((client) => client.set(rewriteBegun, '1'));
    // Before it begins: whoever is erased meanwhile may not be in it.
    await this.#link.ask((client) => client.del(rewriteWanted));
    try {
      await this.#link.ask(beginRewriting);
    } catch (error) {
      await this.#link.ask((client) => client.set(rewriteWanted, '1'));
      throw error;
    }
  }
}

/** Whether the last rewrite of every server has ended well. */
async function haveRewritten(client: RedisClient): Promise<boolean> {
  const infos = await Promise.all(serversOf(client).map((server) => server.info('persistence')));
  return infos.every(
    (info) => info.includes('aof_rewrite_in_progress:0') && info.includes('aof_last_bgrewrite_status:ok'),
  );
}

async function beginRewriting(client: RedisClient): Promise<void> {
  await Promise.all(serversOf(client).map((server) => server.bgrewriteaof()));
}

function serversOf(client: RedisClient) {
  return client instanceof Cluster ? client.nodes('master') : [client];
}
