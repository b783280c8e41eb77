import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Pipe, type PipeFaults } from './proxy-pipe.ts';
import { ReplyStarts } from './reply-starts.ts';
import { until } from './until.ts';

type Target = { readonly port: number } | { readonly path: string };
/** `requests` go from the client to the target, `replies` come back. */
type Direction = 'requests' | 'replies' | 'both';

interface Connection {
  readonly client: Socket;
  /** Absent where the client was let in and is met with silence. */
  readonly target?: Socket;
  readonly pipes: { readonly requests: Pipe; readonly replies: Pipe } | null;
  /** Whether one of its directions passes nothing, for good. */
  isFrozen: boolean;
}

const noFaults: PipeFaults = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  isSliced: false,
};

/**
 * Stands before a server and fails the way networks do. Faults may be set and healed at any time. Those that are about
 * speed hold for the connections there are and for those to come, until they are healed.
 */
export class TcpProxy {
  readonly port: number;
  /** What has gone through, and what was done to it. Bytes count once they were passed on. */
  readonly counts = { connections: 0, requestBytes: 0, replyBytes: 0, replies: 0, cuts: 0 };
  #target: Target;
  readonly #isRedis: boolean;
  readonly #connections = new Set<Connection>();
  readonly #faults = { requests: noFaults, replies: noFaults };
  #server: Server;
  #cutEvery = 0;
  #repliesToCut = 0;
  #isSilent = false;

  private constructor(server: Server, target: Target, isRedis: boolean) {
    this.#server = server;
    this.#target = target;
    this.#isRedis = isRedis;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#accept(client));
  }

  /** `speaks`: how replies are told apart that are to be cut. Of `bytes`, whatever comes in at once is one. */
  static async start(target: Target, speaks: 'redis' | 'bytes' = 'redis'): Promise<TcpProxy> {
    const proxy = new TcpProxy(await listen(0), target, speaks === 'redis');
    onTestFinished(() => proxy.close());
    return proxy;
  }

  /** Where a Redis client finds what is behind the proxy. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Connections that are open at the moment. */
  get open(): number {
    return this.#connections.size;
  }

  /** What was read and not yet passed on. */
  get waitingBytes(): number {
    let sum = 0;
    for (const { pipes } of this.#connections)
      if (pipes) sum += pipes.requests.waitingBytes + pipes.replies.waitingBytes;
    return sum;
  }

  /** Whoever connects from now on gets to another server. */
  point(target: Target): void {
    this.#target = target;
  }

  delay(
    { latencyMs, jitterMs = 0 }: { latencyMs: number; jitterMs?: number },
    direction: Direction = 'both',
  ) {
    this.#set(direction, { latencyMs, jitterMs });
  }

  throttle(bytesPerSecond: number, direction: Direction = 'both'): void {
    this.#set(direction, { bytesPerSecond });
  }

  slice(direction: Direction = 'both'): void {
    this.#set(direction, { isSliced: true });
  }

  /** The request passes; of its reply no byte does, and the connection is cut. Counted over all connections from now on. */
  cutReplies({ every }: { every: number }): void {
    this.#cutEvery = every;
    this.#repliesToCut = every;
  }

  /** Connections stay open and nothing passes; those to come are not affected. */
  halfOpen(direction: Direction = 'both'): void {
    for (const connection of this.#connections) {
      connection.isFrozen = true;
      if (direction !== 'replies') connection.pipes?.requests.freeze();
      if (direction !== 'requests') connection.pipes?.replies.freeze();
    }
  }

  /** As half-open; and whoever connects is let in and never hears a word. */
  blackHole(): void {
    this.#isSilent = true;
    this.halfOpen();
  }

  /** Connections that are open end as if the other side's machine had forgotten them. */
  reset(): void {
    for (const connection of this.#connections) {
      connection.client.resetAndDestroy();
      this.#end(connection);
    }
  }

  /** Nobody listens any more. Connections that are open stay so. */
  refuse(): void {
    this.#server.close();
  }

  /** All is well again. Connections that had fallen silent end: what they have missed can't be made up for. */
  async heal(): Promise<void> {
    this.#isSilent = false;
    this.#cutEvery = 0;
    for (const connection of this.#connections) if (connection.isFrozen) this.#end(connection);
    this.#set('both', noFaults);
    if (this.#server.listening) return;
    this.#server = await until(`port ${this.port} is free again`, () => listen(this.port));
    this.#server.on('connection', (client) => this.#accept(client));
  }

  async close(): Promise<void> {
    const isClosed = this.#server.listening ? once(this.#server, 'close') : null;
    this.#server.close();
    for (const connection of this.#connections) this.#end(connection);
    await isClosed;
  }

  #set(direction: Direction, change: Partial<PipeFaults>): void {
    for (const name of ['requests', 'replies'] as const) {
      if (direction !== 'both' && direction !== name) continue;
      this.#faults[name] = { ...this.#faults[name], ...change };
      for (const { pipes } of this.#connections) pipes?.[name].refresh();
    }
  }

  #accept(client: Socket): void {
    this.counts.connections++;
    client.setNoDelay(true);
    const connection = this.#isSilent ? silent(client) : this.#connect(client);
    this.#connections.add(connection);
    const sockets = connection.target ? [client, connection.target] : [client];
    for (const socket of sockets) {
      // An error is followed by `close`.
      socket.on('error', () => undefined);
      socket.on('close', (hasFailed) => {
        // Of one that has fallen silent the other side does not hear; after an orderly end it gets what is under way.
        if (connection.isFrozen) return;
        if (hasFailed || sockets.every(({ closed }) => closed)) this.#end(connection);
      });
    }
  }

  #connect(client: Socket): Connection {
    const target = createConnection({ ...this.#target, allowHalfOpen: true, noDelay: true });
    const starts = new ReplyStarts();
    const cut = () => {
      this.counts.cuts++;
      this.#end(connection);
    };
    const requests = new Pipe(client, target, {
      faults: () => this.#faults.requests,
      cutAt: () => null,
      cut,
      passed: (bytes) => (this.counts.requestBytes += bytes),
    });
    const replies = new Pipe(target, client, {
      faults: () => this.#faults.replies,
      cutAt: (chunk) => this.#cutAt(this.#isRedis ? starts.in(chunk) : [0]),
      cut,
      passed: (bytes) => (this.counts.replyBytes += bytes),
    });
    const connection: Connection = { client, target, pipes: { requests, replies }, isFrozen: false };
    return connection;
  }

  #cutAt(starts: readonly number[]): number | null {
    for (const start of starts) {
      this.counts.replies++;
      if (this.#cutEvery === 0 || --this.#repliesToCut > 0) continue;
      this.#repliesToCut = this.#cutEvery;
      return start;
    }
    return null;
  }

  #end(connection: Connection): void {
    this.#connections.delete(connection);
    connection.pipes?.requests.freeze();
    connection.pipes?.replies.freeze();
    connection.client.destroy();
    connection.target?.destroy();
  }
}

function silent(client: Socket): Connection {
  client.pause();
  return { client, pipes: null, isFrozen: true };
}

async function listen(port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
