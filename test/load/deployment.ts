import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeSiteFile } from '../bench/bench-site.ts';
import { PIN_COMMAND } from '../bench/machine.ts';
import { PinnedProcess } from '../bench/pinned-process.ts';
import type { Workshop } from '../bench/workshop.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import type { Cores } from './cores.ts';
import type { Memory } from './memory-answers.ts';

export const PROGRAMS = {
  'bare-server': 'test/bench/bare-server.ts',
  'adapter-node': 'test/load/adapter-node.ts',
  'crowd-generator': 'test/load/crowd-generator.ts',
  'memory-answers': 'test/load/memory-answers.ts',
} as const;

/** What is measured against what. */
export type Kind =
  /** Socket.IO in one process, which keeps nothing. */
  | 'bare'
  /** One hub with a store of its own. */
  | 'embedded'
  /** Hubs over one Redis. */
  | 'redis'
  /** Bare Socket.IO nodes with the adapter of that name. */
  | 'classic'
  | 'sharded';

export interface Surroundings {
  readonly workshop: Workshop<keyof typeof PROGRAMS>;
  readonly cores: Cores;
  /** Whether processes can be kept to one core each. */
  readonly pins: boolean;
}

const hubProgram = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

/** Servers of one kind, with the Redis they need: started fresh, gone when it is over. */
export class Deployment {
  readonly urls: readonly string[];
  readonly #nodes: readonly PinnedProcess[];
  readonly #redis: RedisServer | null;
  readonly #redisPid: number | null;

  private constructor(
    urls: readonly string[],
    nodes: readonly PinnedProcess[],
    redis: RedisServer | null,
    redisPid: number | null,
  ) {
    this.urls = urls;
    this.#nodes = nodes;
    this.#redis = redis;
    this.#redisPid = redisPid;
  }

  static async start(kind: Kind, count: number, surroundings: Surroundings): Promise<Deployment> {
    const redis = kind === 'bare' || kind === 'embedded' ? null : await startRedis(surroundings);
    const env = { ...environmentOf(kind, surroundings), ...(redis ? { REDIS_URL: redis.url } : {}) };
    const nodes = Array.from({ length: count }, (_, index) => startNode(kind, index, env, surroundings));
    try {
      const urls = await Promise.all(nodes.map((node) => node.line(/"url":"(http:[^"]+)"/)));
      const redisPid = redis ? Number(await redis.info('process_id')) : null;
      if (redisPid !== null && surroundings.pins) pin(redisPid, surroundings.cores.redis);
      return new Deployment(urls, nodes, redis, redisPid);
    } catch (error) {
      await Promise.all(nodes.map((node) => node.stop()));
      await redis?.stop();
      throw error;
    }
  }

  /** Of the nodes, in order, and of Redis behind them where there is one. */
  get pids(): number[] {
    const own = this.#nodes.map(({ pid }) => pid);
    return this.#redisPid === null ? own : [...own, this.#redisPid];
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** Of all nodes together, after they have collected their garbage. */
  async memory(): Promise<Memory> {
    const each = (await Promise.all(this.#nodes.map((node) => node.ask({ do: 'memory' })))) as Memory[];
    const sum = (part: (memory: Memory) => number) => each.reduce((total, next) => total + part(next), 0);
    return {
      rss: sum(({ rss }) => rss),
      heapUsed: sum(({ heapUsed }) => heapUsed),
      external: sum(({ external }) => external),
    };
  }

  /** Times that Redis held back a write since the disk was still busy with the last sync. */
  async delayedSyncs(): Promise<number> {
    return Number((await this.#redis?.info('aof_delayed_fsync')) ?? 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()));
    await this.#redis?.stop();
  }
}

function startRedis({ workshop }: Surroundings): Promise<RedisServer> {
  // It ends with the deployment; what is left of its folder goes with the workshop.
  return RedisServer.start({ dir: workshop.freshDir(), aof: 'everysec', atEnd: () => undefined });
}

function environmentOf(kind: Kind, { workshop }: Surroundings): Readonly<Record<string, string>> {
  // The same for both sides: what it brings weighs on both.
  const NODE_OPTIONS = `--import=${pathToFileURL(workshop.program('memory-answers')).href}`;
  if (kind !== 'embedded' && kind !== 'redis') return { NODE_OPTIONS, ADAPTER: kind };
  const dir = workshop.freshDir();
  const SITE_FILE = writeSiteFile(dir);
  // Nobody is there to come back: hubs may end at once. All shoppers come from one address.
  const ways = { PORT: '0', HOST: '127.0.0.1', DRAIN_MS: '0', SOCKETS_PER_ADDRESS: '100000' };
  return { NODE_OPTIONS, SITE_FILE, DATA_DIR: dir, ...ways };
}

function startNode(
  kind: Kind,
  index: number,
  env: Readonly<Record<string, string>>,
  { workshop, cores, pins }: Surroundings,
): PinnedProcess {
  const core = cores.servers[index % cores.servers.length] ?? 0;
  return new PinnedProcess(core, programOf(kind, workshop), env, pins);
}

function programOf(kind: Kind, workshop: Surroundings['workshop']): string {
  if (kind === 'bare') return workshop.program('bare-server');
  return kind === 'embedded' || kind === 'redis' ? hubProgram : workshop.program('adapter-node');
}

/** All of its threads. */
function pin(pid: number, core: number): void {
  execFileSync(PIN_COMMAND, ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}
