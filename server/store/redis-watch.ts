import { createHash, randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';
import { Rounds } from '../rounds.ts';
import { StoreUnavailable } from './store.ts';

const UPKEEP_EVERY_MS = 10_000;

export interface WatchDuties {
  /** It was the same Redis still at that time, as `performance.now()` tells it. */
  onSame(at: number): void;
  /** What Redis knew may be gone, or older than what was known here. */
  onEpoch(): void;
  upkeep(): Promise<void>;
}

/**
 * Looks at Redis, whenever it is asked to, by the way that commits go: whether it can be written, whether it keeps what it is told,
 * and whether it is still the one that knew all this. An open connection proves nothing.
 */
export class RedisWatch {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #allowVolatile: boolean;
  readonly #duties: WatchDuties;
  readonly #rounds = new Rounds(UPKEEP_EVERY_MS, () => this.#keepUp());
  #epoch = '';
  #volatile: string | null = null;
  #secret: Buffer | null = null;

  constructor(link: RedisLink, keys: RedisKeys, allowVolatile: boolean, duties: WatchDuties) {
    this.#link = link;
    this.#keys = keys;
    this.#allowVolatile = allowVolatile;
    this.#duties = duties;
  }

  get epoch(): string {
    return this.#epoch;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#rounds.start();
  }

  /** A round trip to every partition. Rejects with the reason why nothing should be entrusted to Redis now. */
  async look(): Promise<void> {
    await this.#look();
    this.refuseWhereVolatile();
  }

  /** What Redis would lose at its next restart must not be acked. */
  refuseWhereVolatile(): void {
    if (this.#volatile !== null && !this.#allowVolatile) throw new StoreUnavailable(this.#volatile);
  }

  async readSecret(): Promise<Uint8Array> {
    this.#secret ??= randomBytes(32);
    const secret = await this.#fact('secret', this.#secret.toString('base64url'));
    this.#secret = Buffer.from(secret, 'base64url');
    return this.#secret;
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** What fails is tried again at the next turn. */
  async #keepUp(): Promise<void> {
    try {
      await this.#duties.upkeep();
    } catch {
      return;
    }
  }

  async #look(): Promise<void> {
    const { partitions } = this.#keys;
    const at = performance.now();
    const [epoch] = await Promise.all([
      this.#link.probe(() => this.#readEpoch()),
      ...partitions.map(({ probe }) => this.#link.probe((client) => client.set(probe, '', 'PX', 60_000))),
    ]);
    this.#volatile = await this.#link.probe(volatility);
    const isSame = epoch === this.#epoch || this.#epoch === '';
    this.#epoch = epoch;
    if (isSame) this.#duties.onSame(at);
    else this.#duties.onEpoch();
  }

  /** Changes where Redis has lost its memory, and where another server took over that may have been told less. */
  async #readEpoch(): Promise<string> {
    // Tokens of shoppers remain good: they are signed with what this process knows. A hub that starts must find it first.
    if (this.#secret) await this.readSecret();
    const own = await this.#fact('epoch', randomBytes(6).toString('base64url'));
    const histories = await Promise.all(mastersOf(this.#link.client).map(historyOf));
    const all = createHash('sha1').update(histories.toSorted().join()).digest('hex');
    return `${own}.${all.slice(0, 8)}`;
  }

  async #fact(name: string, value: string): Promise<string> {
    await this.#link.client.hsetnx(this.#keys.facts, name, value);
    return (await this.#link.client.hget(this.#keys.facts, name)) ?? value;
  }
}

function mastersOf(client: RedisClient): Redis[] {
  return client instanceof Redis ? [client] : client.nodes('master');
}

/** Whose changes a server has taken over: another one's begin with another id. */
async function historyOf(server: Redis): Promise<string> {
  const replication = await server.info('replication');
  return /master_replid:(\w+)/.exec(replication)?.[1] ?? '';
}

/** Why Redis would not keep what it is told, on whichever of its servers; null: it would. */
async function volatility(client: RedisClient): Promise<string | null> {
  for (const server of mastersOf(client)) {
    const lines = (await server.info()).split('\r\n');
    const value = (name: string) => lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
    if (value('role') !== 'master') return 'Redis is a replica, which can’t be written.';
    if (value('aof_enabled') !== '1')
      return 'Redis forgets when it restarts: set "appendonly yes", or ALLOW_VOLATILE_STORE=1.';
    if (value('maxmemory') !== '0' && value('maxmemory_policy') !== 'noeviction')
      return 'Redis makes room by dropping what it has: set "maxmemory-policy noeviction", or ALLOW_VOLATILE_STORE=1.';
  }
  return null;
}
