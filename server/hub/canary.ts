import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { Namespace, Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import type { ShopperKey, Store } from '../store/store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { HubSocket } from './hub-socket.ts';
import { OpenPages } from './open-pages.ts';
import type { Relayed } from './relay.ts';

const EVERY_MS = 5_000;
const AGAIN_AFTER_FAILURE_MS = 1_000;
const ARRIVES_WITHIN_MS = 3_000;
/** One may fail for a reason of its own, such as a connection that is being made anew. */
const FAILURES_TO_TELL = 2;
const NAMESPACE = '/canary';
const HEADER = 'x-cartbell-canary';

export interface CanaryParts {
  readonly store: Pick<Store, 'tryCommit'>;
  readonly telemetry: Pick<Telemetry, 'canary'>;
  readonly logger: Logger;
  /** To this node, by the way that news of other nodes come. */
  send(message: Relayed): void;
}

/**
 * Every few seconds a node sends itself a nudge by the way that a shopper's takes, and notes how long it took. What arrives
 * proves that the store took a commit (in Redis by the script of commits, in one partition after the other; in SQLite a
 * synced transaction of its own), that news of other nodes come in by the relay, that pages are told of them, and that a
 * Socket.IO socket on this hub's port carries them.
 *
 * It proves nothing of what is decided, of who is let in with which key and origin, of a shopper's place in the engine's
 * queue, of the relays of other nodes, and of the network before this hub. The page is of no site and is kept apart from the
 * shops' pages: no log, list, sum or figure of a site has anything of it.
 */
export class Canary {
  readonly #parts: CanaryParts;
  readonly #secret = randomBytes(32);
  readonly #pages = new OpenPages();
  readonly #key = { site: '_canary', shopper: 'canary' } as unknown as ShopperKey;
  #page: Socket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;
  #sent = 0;
  #heard: (id: string) => void = () => undefined;
  #giveUp: (error: Error) => void = () => undefined;
  #failures = 0;
  #why = '';

  constructor(parts: CanaryParts) {
    this.#parts = parts;
  }

  /** Whether a request for a connection comes from this process. */
  isOwn(headers: IncomingHttpHeaders): boolean {
    const given = Buffer.from(String(headers[HEADER] ?? ''), 'base64url');
    return given.length === this.#secret.length && timingSafeEqual(given, this.#secret);
  }

  /** Takes in its own page, and nobody else's. */
  serve(server: Pick<Server, 'of'>): void {
    const namespace: Namespace = server.of(NAMESPACE);
    namespace.use((socket, next) => {
      if (!this.isOwn(socket.handshake.headers)) {
        next(new Error('This is not for pages.'));
        return;
      }
      (socket as unknown as HubSocket).data.visitor = {
        ...this.#key,
        token: '',
        tab: null,
        page: null,
        from: null,
        isReturning: false,
        inspect: false,
      };
      next();
    });
    namespace.on('connection', (socket) => void this.#pages.add(socket as unknown as HubSocket));
  }

  /** Whether news that came in are its own; then they have been told to its page. */
  hears(message: Relayed): boolean {
    if (message.key.site !== this.#key.site) return false;
    this.#pages.hear({ ...message, key: this.#key });
    return true;
  }

  /** `url`: where the hub listens. */
  start(url: string): void {
    this.#page = io(new URL(NAMESPACE, reachable(url)).href, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 1_000,
      extraHeaders: { [HEADER]: this.#secret.toString('base64url') },
    });
    this.#page.on('nudge', ({ id }: { id: string }) => this.#heard(id));
    this.#next(AGAIN_AFTER_FAILURE_MS);
  }

  faults(): readonly string[] {
    return this.#failures < FAILURES_TO_TELL ? [] : [`A nudge from this hub to itself is lost. ${this.#why}`];
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#giveUp(new Error('The hub ends.'));
    await this.#round;
    this.#page?.disconnect();
  }

  #next(afterMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#fly().then((isBack) => this.#next(isBack ? EVERY_MS : AGAIN_AFTER_FAILURE_MS));
    }, afterMs);
  }

  async #fly(): Promise<boolean> {
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    let reached = 'The store took nothing.';
    const late = new Promise<never>((_, reject) => {
      this.#giveUp = reject;
      timer = setTimeout(() => reject(new Error('It did not arrive in time.')), ARRIVES_WITHIN_MS);
    });
    try {
      await Promise.race([this.#parts.store.tryCommit(), late]);
      reached = 'Its page is not connected.';
      if (this.#page?.connected !== true) throw new Error(reached);
      reached = 'What the relay and the socket were given did not arrive.';
      await Promise.race([this.#push(), late]);
      this.#note(performance.now() - startedAt, '');
      return true;
    } catch (error) {
      if (!this.#isStopped) this.#note(null, reached, error);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  #push(): Promise<void> {
    const id = `canary-${++this.#sent}`;
    const arrived = new Promise<void>((resolve) => {
      this.#heard = (heard) => {
        if (heard === id) resolve();
      };
    });
    const nudge = {
      id,
      seq: this.#sent,
      kind: 'toast' as const,
      rule: 'canary',
      priority: 0,
      title: 'Canary',
      expiresAt: Date.now() + ARRIVES_WITHIN_MS,
    };
    const news = { effects: [{ kind: 'push' as const, nudge }], decisions: [], since: 0 };
    this.#parts.send({ key: this.#key, news });
    return arrived;
  }

  #note(ms: number | null, why: string, error?: unknown): void {
    const { telemetry, logger } = this.#parts;
    telemetry.canary(ms);
    this.#why = why;
    if (ms !== null) {
      if (this.#failures > 0) logger.info('a nudge from this hub to itself arrives again');
      this.#failures = 0;
      return;
    }
    this.#failures++;
    if (this.#failures <= FAILURES_TO_TELL)
      logger.warn({ err: error, reason: why }, 'a nudge from this hub to itself is lost');
  }
}

/** An address that stands for all is none to connect to. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
