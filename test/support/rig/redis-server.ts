import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';
import { type AtEnd, tempDir } from '../temp-dir.ts';
import { end, type OwnProcess, signal, spawnOwn } from './own-processes.ts';
import { RedisClient, type Reply } from './redis-client.ts';
import { until } from './until.ts';

interface RedisOptions {
  /** Whether and how often what is written is brought to the disk. */
  readonly aof?: 'no' | 'everysec' | 'always';
  /** What to do when `maxmemory` is reached. */
  readonly policy?: string;
  readonly maxmemory?: string;
  /** The port of its primary, or of a proxy before it. */
  readonly replicaOf?: number;
  readonly clusterEnabled?: boolean;
  readonly dir?: string;
  readonly port?: number;
  readonly atEnd?: AtEnd;
}

type SharedOptions = Omit<RedisOptions, 'dir' | 'port'>;

const ANSWERS_WITHIN_MS = 5_000;
/** Somebody else may take a port while nobody listens on it. */
const MOST_STARTS = 5;
const PORT_IS_TAKEN = 'Address already in use';

/** A real redis-server of the test's own, on the loopback and in a folder of its own. Nothing of it outlives the test. */
export class RedisServer {
  readonly port: number;
  readonly dir: string;
  /** Everything it logged so far, over all its lives. */
  readonly log: string[] = [];
  readonly #settings: readonly string[];
  #child: OwnProcess | null = null;

  private constructor(port: number, dir: string, settings: readonly string[]) {
    this.port = port;
    this.dir = dir;
    this.#settings = settings;
  }

  /** Resolves when it is ready to accept connections. */
  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const dir = options.dir ?? (await tempDir(options.atEnd));
    return asLongAsTaken(async () => {
      const server = new RedisServer(options.port ?? (await freePort()), dir, await settingsOf(options));
      (options.atEnd ?? onTestFinished)(() => server.kill());
      await server.#launch();
      return server;
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends it and its forks as a power cut would, but for what the system has yet to bring to the disk. */
  async kill(): Promise<void> {
    if (this.#child) await end(this.#child, 'SIGKILL');
  }

  /** Asks it to end. */
  async stop(): Promise<void> {
    if (this.#child) await end(this.#child, 'SIGTERM');
  }

  /** After `kill` or `stop`: starts it again, on the same port and in the same folder. */
  async restart(): Promise<void> {
    if (this.isRunning) throw new Error('It is still running.');
    await asLongAsTaken(() => this.#launch());
  }

  get isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  async #launch(): Promise<void> {
    const words = ['--port', String(this.port), '--dir', this.dir, ...this.#settings];
    const child = spawnOwn('redis-server', words);
    this.#child = child;
    const from = this.log.length;
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        createInterface(stream).on('line', (line) => {
          this.log.push(line);
          if (line.includes('Ready to accept connections')) resolve();
        });
      child.once('error', reject);
      child.once('close', (code) =>
        reject(new Error(`redis-server ended with ${code}: ${this.log.slice(from).join('\n')}`)),
      );
    });
  }

  /** It does nothing any more, though its connections stay open. */
  freeze(): void {
    if (this.#child) signal(this.#child, 'SIGSTOP');
  }

  thaw(): void {
    if (this.#child) signal(this.#child, 'SIGCONT');
  }

  /** Over a connection of its own. */
  async command(...words: readonly (string | number)[]): Promise<Reply> {
    // Somebody else may have its port while it is down.
    if (!this.isRunning) throw new Error('It is not running.');
    const client = await RedisClient.connect(this.port);
    const timer = setTimeout(() => client.close(), ANSWERS_WITHIN_MS);
    try {
      return await client.send(...words);
    } finally {
      clearTimeout(timer);
      client.close();
    }
  }

  /** One line of `INFO`. */
  async info(name: string): Promise<string | undefined> {
    return fieldOf(await this.command('INFO'), name);
  }

  /**
   * Resolves when all that it has acked would survive its kill. With `everysec` that is not so by itself: while an fsync
   * is under way, Redis acks what it has yet to write to the file, for up to two seconds.
   */
  async written(): Promise<void> {
    await until('the file has it all', async () => (await this.info('aof_buffer_length')) === '0');
  }

  /** Resolves when this replica has all that its primary has. */
  async inSync(): Promise<void> {
    await until(
      'the replica is in sync',
      async () => (await this.info('master_link_status')) === 'up',
      30_000,
    );
  }
}

/** A primary and its replica, in sync. */
export async function startPair(
  options: SharedOptions = {},
): Promise<{ primary: RedisServer; replica: RedisServer }> {
  const primary = await RedisServer.start(options);
  const replica = await RedisServer.start({ ...options, replicaOf: primary.port });
  await replica.inSync();
  return { primary, replica };
}

/** Servers that share all slots among them and agree on it. */
export async function startCluster(size = 3, options: SharedOptions = {}): Promise<RedisServer[]> {
  const starts = Array.from({ length: size }, () => RedisServer.start({ ...options, clusterEnabled: true }));
  const servers = await Promise.all(starts);
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
  await redisCli('--cluster', 'create', ...addresses, '--cluster-yes', '--cluster-replicas', '0');
  await until(
    'the cluster is whole',
    async () => {
      const infos = await Promise.all(servers.map((server) => server.command('CLUSTER', 'INFO')));
      return infos.every(
        (info) => fieldOf(info, 'cluster_state') === 'ok' && fieldOf(info, 'cluster_size') === String(size),
      );
    },
    30_000,
  );
  return servers;
}

async function settingsOf(options: RedisOptions): Promise<string[]> {
  const { aof = 'everysec', policy = 'noeviction', maxmemory = '0', replicaOf, clusterEnabled } = options;
  const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '3000', '--cluster-port'];
  return [
    ['--bind', '127.0.0.1', '--save', ''],
    aof === 'no' ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', aof],
    ['--maxmemory', maxmemory, '--maxmemory-policy', policy],
    // A replica is not kept waiting for others to come.
    ['--repl-diskless-sync-delay', '0'],
    replicaOf === undefined ? [] : ['--replicaof', '127.0.0.1', String(replicaOf)],
    clusterEnabled ? [...cluster, String(await freePort())] : [],
  ].flat();
}

async function asLongAsTaken<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === MOST_STARTS || !String(error).includes(PORT_IS_TAKEN)) throw error;
    }
  }
}

async function redisCli(...words: readonly string[]): Promise<void> {
  const child = spawnOwn('redis-cli', words);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`redis-cli ended with ${child.exitCode}: ${said}`);
}

function fieldOf(info: Reply, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(String(info))?.[1];
}
