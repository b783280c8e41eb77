import { connect, type Socket } from 'node:net';
import type { HttpAnswer } from './answers.ts';
import type { Request } from './requests.ts';

/** An answer is this late only where none is to come. */
const ENOUGH_MS = 60_000;
/** Of half a request nothing is waited for: the hub would, for as long as it is patient. */
const HALF_MS = 50;

/** A connection that says what no HTTP client would, and takes whatever comes back. Opened anew once it was closed. */
export class HttpClient {
  readonly #port: number;
  #socket: Socket | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  #look: (isOver: boolean) => void = () => undefined;
  connections = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** The answer; null: the hub has closed the connection, or nothing was to come. Rejects when a whole request is left without. */
  ask({ bytes, method, isWhole }: Request): Promise<HttpAnswer | null> {
    const socket = this.#open();
    return new Promise((resolve, reject) => {
      const done = (answer: HttpAnswer | null) => {
        clearTimeout(timer);
        this.#look = () => undefined;
        // What follows on this connection might belong to a request of which this one was the half.
        if (!isWhole || answer === null) this.#drop();
        resolve(answer);
      };
      const timer = setTimeout(
        () => {
          if (!isWhole) return done(null);
          this.#drop();
          reject(new Error('no answer'));
        },
        isWhole ? ENOUGH_MS : HALF_MS,
      );
      this.#look = (isOver) => {
        const answer = this.#take(method, isOver);
        if (answer || isOver) done(answer);
      };
      socket.write(bytes);
    });
  }

  close(): void {
    this.#drop();
  }

  #open(): Socket {
    if (this.#socket && !this.#socket.destroyed) return this.#socket;
    this.connections++;
    this.#bytes = Buffer.alloc(0);
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
      this.#look(false);
    });
    socket.on('close', () => {
      if (socket === this.#socket) this.#look(true);
    });
    this.#socket = socket;
    return socket;
  }

  #drop(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  /** The first whole answer among what has come. */
  #take(method: string, isOver: boolean): HttpAnswer | null {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return null;
    const head = this.#bytes.subarray(0, end).toString('latin1');
    const rest = this.#bytes.subarray(end + 4);
    const status = Number(head.slice(9, 12));
    if (status < 200) {
      this.#bytes = rest;
      return this.#take(method, isOver);
    }
    const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim();
    const length = header('content-length');
    const isChunked = header('transfer-encoding') === 'chunked';
    const isEmpty = method === 'HEAD' || status === 204 || status === 304;
    const isBare = length === undefined && !isChunked;
    const read =
      isEmpty || isBare ? { body: '', used: 0 } : isChunked ? unchunked(rest) : upTo(rest, Number(length));
    if (!read) return null;
    this.#bytes = rest.subarray(read.used);
    if (/^connection: close$/im.test(head)) this.#drop();
    return { status, type: header('content-type') ?? '', body: read.body, isBare: read.body === '' };
  }
}

function upTo(bytes: Buffer, length: number): { body: string; used: number } | null {
  return bytes.length < length ? null : { body: bytes.subarray(0, length).toString(), used: length };
}

function unchunked(bytes: Buffer): { body: string; used: number } | null {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return null;
    const length = Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    const next = end + 2 + length + 2;
    if (bytes.length < next) return null;
    parts.push(bytes.subarray(end + 2, end + 2 + length));
    at = next;
    if (length === 0) return { body: Buffer.concat(parts).toString(), used: at };
  }
}
