import { Cluster, type Redis } from 'ioredis';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';

/** How far one server is with its file. */
interface Progress {
  /** Of this life of the server. */
  readonly runId: string;
  /** Rewrites that it began in this life, and whether one is under way, or about to be. */
  readonly rewrites: number;
  readonly isAtIt: boolean;
  /** False also of one that has not rewritten anything in this life. */
  readonly hasFailed: boolean;
}

/** By server, how many rewrites it had begun before it was asked for one. */
type Begun = Readonly<Record<string, number>>;

/**
 * Redis's append-only file still has what was written of shoppers who were erased since; once it is written anew it has not. That
 * goes on in the background: each turn looks whether the one before it came to its end, and asks again where it did not.
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
    const wanted = await this.#link.ask((client) => client.get(rewriteWanted));
    const begun = await this.#link.ask((client) => client.get(rewriteBegun));
    if (wanted === null && begun === null) return;
    const progress = await this.#link.ask(progressOf);
    if (wanted === null && begun !== null) {
      if (progress.some(({ isAtIt }) => isAtIt)) return;
      if (progress.every((server) => isDone(server, JSON.parse(begun) as Begun))) {
        await this.#link.ask((client) => client.del(rewriteBegun));
        return;
      }
    }
    const before: Begun = Object.fromEntries(progress.map(({ runId, rewrites }) => [runId, rewrites]));
    await this.#link.ask((client) => client.set(rewriteBegun, JSON.stringify(before)));
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

/** One that was started anew, or has taken another's place, knows nothing of what was begun before. */
function isDone({ runId, rewrites, hasFailed }: Progress, begun: Begun): boolean {
  const before = begun[runId];
  return before !== undefined && rewrites > before && !hasFailed;
}

function progressOf(client: RedisClient): Promise<Progress[]> {
  return Promise.all(
    serversOf(client).map(async (server) => {
      const info = await server.info();
      const is = (name: string, value: string) => info.includes(`\n${name}:${value}\r\n`);
      return {
        runId: /\nrun_id:(\w+)/.exec(info)?.[1] ?? '',
        rewrites: Number(/\naof_rewrites:(\d+)/.exec(info)?.[1]),
        isAtIt: !is('aof_rewrite_in_progress', '0') || !is('aof_rewrite_scheduled', '0'),
        hasFailed: !is('aof_last_bgrewrite_status', 'ok'),
      };
    }),
  );
}

async function beginRewriting(client: RedisClient): Promise<void> {
  await Promise.all(serversOf(client).map((server) => server.bgrewriteaof()));
}

function serversOf(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}
