import { Cluster, Redis } from 'ioredis';
import type { Script } from './redis-scripts.ts';
import { readRedisUrl } from './redis-url.ts';
import { StoreUnavailable } from './store.ts';

export type RedisClient = Redis | Cluster;

/** What has no answer by then has none: whether it happened is not known. */
const ANSWER_WITHIN_MS = 800;
const CONNECT_WITHIN_MS = 2_000;
const LONGEST_RETRY_MS = 1_000;
const OPEN_WITHIN_MS = 8_000;
/** Commands under way at once; past it new ones are refused at once. */
const MOST_UNDER_WAY = 1_000;
/** Answers that fail to come in a row before nothing is asked any more until a probe comes back. */
const SILENCES = 3;
/** A connection that has brought nothing for so long is made anew: the other end may be gone without a word. */
const MOST_SILENT_MS = 2_500;

/** Errors by which Redis says that it can't now, and not that it was asked wrongly. */
const UNAVAILABLE =
  /^(OOM|MISCONF|READONLY|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|UNBLOCKED|NOAUTH|WRONGPASS|NOPERM|EXECABORT|ERR max number of clients)/;

/**
 * The way to Redis. A command either settles within a second or so, or is refused at once: nothing is queued while Redis is
 * away, and nothing that failed is tried again here. Only scripts that may run twice are sent (a cut-off command is, by the
 * client, when the connection is back).
 */
export class RedisLink {
  readonly client: RedisClient;
  #underWay = 0;
  #silences = 0;
  #heardAt = performance.now();

  private constructor(client: RedisClient) {
    this.client = client;
  }

  /** Resolves once Redis answers. Rejects with one clear line when it does not. */
  static async open(url: string): Promise<RedisLink> {
    const client = connect(url);
    // Without a listener the first lost connection would end the process.
    let last: Error | null = null;
    client.on('error', (error: Error) => {
      last = error;
    });
    const link = new RedisLink(client);
    const until = Date.now() + OPEN_WITHIN_MS;
    for (;;) {
      try {
        await client.ping();
        return link;
      } catch (error) {
        last ??= error as Error;
      }
      if (Date.now() > until) {
        client.disconnect();
        throw new Error(`Redis does not answer: ${reasonOf(last)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Nothing is asked any more until a probe comes back. */
  get isSilent(): boolean {
    return this.#silences >= SILENCES;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Runs a script on keys of one slot. */
  run(
    { sha, text }: Script,
    keys: readonly string[],
    args: readonly (string | number)[] = [],
  ): Promise<unknown> {
    return this.ask(async (client) => {
      try {
        return await client.evalsha(sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return client.eval(text, keys.length, ...keys, ...args);
      }
    });
  }

  /** Rejects with `StoreUnavailable` when Redis can't be reached, or can't now. */
  async ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#underWay >= MOST_UNDER_WAY) throw new StoreUnavailable('Redis has too much to do.');
    if (this.isSilent) throw new StoreUnavailable('Redis has gone silent.');
    return this.#count(command);
  }

  /** As `ask`, also when Redis has gone silent: if it answers, others may ask again. */
  probe<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    return this.#count(command);
  }

  close(): void {
    this.client.disconnect();
  }

  async #count<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      const answer = await command(this.client);
      this.#silences = 0;
      this.#heardAt = performance.now();
      return answer;
    } catch (error) {
      throw this.#judge(error);
    } finally {
      this.#underWay--;
    }
  }

  #noteSilence(): void {
    this.#silences++;
    const now = performance.now();
    if (this.#silences < SILENCES || now - this.#heardAt < MOST_SILENT_MS) return;
    this.#heardAt = now;
    reconnect(this.client);
  }

  #judge(error: unknown): unknown {
    const reason = reasonOf(error);
    if (reason === 'Command timed out') this.#noteSilence();
    if (error instanceof StoreUnavailable) return error;
    const isAnswer = error instanceof Error && error.name === 'ReplyError';
    return isAnswer && !UNAVAILABLE.test(reason)
      ? error
      : new StoreUnavailable(`Redis can’t be used now: ${reason}`);
  }
}

/** Closes what it has, and opens it again. */
function reconnect(client: RedisClient): void {
  if (client instanceof Cluster) for (const node of client.nodes()) node.disconnect(true);
  else client.disconnect(true);
}

/** A connection of its own, for what listens. */
export function connect(url: string, more: { autoResendUnfulfilledCommands?: false } = {}): RedisClient {
  const place = readRedisUrl(url);
  const options = {
    ...place.options,
    ...more,
    commandTimeout: ANSWER_WITHIN_MS,
    connectTimeout: CONNECT_WITHIN_MS,
    maxRetriesPerRequest: 1,
    // A master that was made a replica: the connection is made anew, and what was asked is not asked again.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 1 : false),
  };
  if (place.kind !== 'cluster')
    return new Redis({
      ...options,
      enableOfflineQueue: false,
      retryStrategy: (attempt) => Math.min(50 * attempt, LONGEST_RETRY_MS) * (0.5 + Math.random() / 2),
    });
  return new Cluster([...place.nodes], {
    redisOptions: options,
    enableOfflineQueue: false,
    shardedSubscribers: true,
    slotsRefreshTimeout: CONNECT_WITHIN_MS,
    clusterRetryStrategy: (attempt) => Math.min(50 * attempt, LONGEST_RETRY_MS),
    retryDelayOnClusterDown: 200,
    retryDelayOnFailover: 200,
    maxRedirections: 6,
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
