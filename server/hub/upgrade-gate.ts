import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Server } from 'socket.io';
import type { Admission, Door } from './door.ts';

/**
 * Who asks too often waits so long for their no, some longer than others, so that a flood does not come back as one. A page of
 * ours has given up by then, and comes again when it thinks best.
 */
const WAIT_MS = { least: 10_000, most: 20_000 } as const;
/** As many wait at a time; past it a no comes at once. */
const MOST_WAITING = 2_000;

const STATUS: Readonly<Record<Exclude<Admission, 'in'>, string>> = {
  elsewhere: '403 Forbidden',
  too_often: '429 Too Many Requests',
  not_now: '503 Service Unavailable',
};

/**
 * Says who may have a WebSocket, before Engine.IO makes anything of the request: a no costs a third here of what it would there,
 * and of a flood most are refused. A program that keeps some connections busy asks less often, too, where it has to wait for
 * each no.
 */
export class UpgradeGate {
  readonly #let = new WeakSet<IncomingMessage>();
  readonly #waiting = new Map<Duplex, NodeJS.Timeout>();
  #isClosed = false;

  /**
   * Takes the place of the engine's own way in. A connection that goes over from polling to a WebSocket is asked anew: by one that
   * is let in once, WebSockets could be asked for without end.
   */
  constructor(
    engine: Pick<Server['engine'], 'handleUpgrade'>,
    door: Pick<Door, 'admission'>,
    logger: Logger,
  ) {
    const upgrade = engine.handleUpgrade.bind(engine);
    engine.handleUpgrade = (request, socket, head) => {
      const admission = door.admission(request);
      if (admission === 'in') {
        this.#let.add(request);
        upgrade(request, socket, head);
        return;
      }
      logger.debug({ reason: admission }, 'connection refused');
      socket.on('error', () => undefined);
      if (admission === 'too_often' && this.#hasRoom && head.length === 0)
        this.#refuseLate(socket, admission);
      else refuse(socket, admission);
    };
  }

  /** Whether it was asked here already. */
  hasLet(request: IncomingMessage): boolean {
    return this.#let.has(request);
  }

  /** Lets go of those that wait; from here on nobody waits. */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#waiting.keys()) socket.destroy();
  }

  get #hasRoom(): boolean {
    return !this.#isClosed && this.#waiting.size < MOST_WAITING;
  }

  #refuseLate(socket: Duplex, why: 'too_often'): void {
    // Read, so that a client that hangs up is noticed; one that goes on to speak before it was let in is none of ours.
    const drop = () => void socket.destroy();
    socket.once('data', drop).once('end', drop);
    this.#waiting.set(
      socket,
      setTimeout(() => refuse(socket, why), waitMs()),
    );
    socket.once('close', () => {
      clearTimeout(this.#waiting.get(socket));
      this.#waiting.delete(socket);
    });
  }
}

function waitMs(): number {
  return WAIT_MS.least + Math.random() * (WAIT_MS.most - WAIT_MS.least);
}

function refuse(socket: Duplex, why: Exclude<Admission, 'in'>): void {
  if (socket.writable)
    socket.write(`HTTP/1.1 ${STATUS[why]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroy();
}
