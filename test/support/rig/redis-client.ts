import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

export type Reply = string | number | null | readonly Reply[];

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** The least that can talk to a Redis: every command goes out at once and only once, and never again by itself. */
export class RedisClient {
  readonly socket: Socket;
  readonly #waiting: Waiting[] = [];
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    // An error is followed by `close`.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('The connection is gone.'));
    });
  }

  static async connect(port: number): Promise<RedisClient> {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RedisClient(socket);
  }

  /** Rejects with what Redis says against it, or when the connection ends before the reply is there. */
  send(...words: readonly (string | number)[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) {
        reject(new Error('The connection is gone.'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      const parts = words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`);
      this.socket.write(`*${words.length}\r\n${parts.join('')}`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let read = readReply(this.#received, 0); read; read = readReply(this.#received, 0)) {
      this.#received = this.#received.subarray(read.next);
      const waiting = this.#waiting.shift();
      if (read.reply instanceof Error) waiting?.reject(read.reply);
      else waiting?.resolve(read.reply);
    }
  }
}

/** Null: it is not all there yet. An error within a list is given as its text. */
function readReply(from: Buffer, at: number): { reply: Reply | Error; next: number } | null {
  const lineEnd = from.indexOf('\r\n', at);
  if (lineEnd === -1) return null;
  const line = from.toString('utf8', at + 1, lineEnd);
  const body = lineEnd + 2;
  switch (from.toString('latin1', at, at + 1)) {
    case '-':
      return { reply: new Error(line), next: body };
    case ':':
      return { reply: Number(line), next: body };
    case '$': {
      const end = body + Number(line);
      if (line === '-1') return { reply: null, next: body };
      return from.length < end + 2 ? null : { reply: from.toString('utf8', body, end), next: end + 2 };
    }
    case '*':
      return line === '-1' ? { reply: null, next: body } : readList(from, body, Number(line));
    default:
      return { reply: line, next: body };
  }
}

function readList(from: Buffer, at: number, length: number): { reply: Reply; next: number } | null {
  const list: Reply[] = [];
  let next = at;
  while (list.length < length) {
    const read = readReply(from, next);
    if (!read) return null;
    list.push(read.reply instanceof Error ? read.reply.message : read.reply);
    next = read.next;
  }
  return { reply: list, next };
}
