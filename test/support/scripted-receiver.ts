import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a receiver does with a message. */
export type Answer =
  | number
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | 'hang'
  | 'reset'
  | 'drip'
  | 'endless';

export interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  /** The very bytes. */
  readonly body: string;
  readonly at: number;
}

export interface Receiver {
  readonly url: string;
  /** In the order in which they came. */
  readonly received: Received[];
  /** What it does with the next ones, the last one for ever. */
  script(...answers: Answer[]): void;
}

const ENDLESS_BYTES = 2 ** 30;
const DRIP_MS = 50;

/** Somebody's server that is told of webhooks, on the loopback. Takes everything unless it is told otherwise. */
export async function startReceiver(clock: () => number = Date.now): Promise<Receiver> {
  const received: Received[] = [];
  let answers: Answer[] = [200];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { type, data } = JSON.parse(body) as Pick<Received, 'type' | 'data'>;
      const id = String(request.headers['webhook-id']);
      received.push({ id, type, data, headers: request.headers, body, at: clock() });
      give(response, (answers.length > 1 ? answers.shift() : answers[0]) ?? 200);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    script: (...next) => void (answers = next),
  };
}

function give(response: ServerResponse, answer: Answer): void {
  if (typeof answer === 'number') response.writeHead(answer).end('{}');
  else if (typeof answer === 'object') response.writeHead(answer.status, answer.headers).end();
  else if (answer === 'reset') response.socket?.resetAndDestroy();
  else if (answer === 'drip') {
    response.socket?.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => response.socket?.write('a: b\r\n'), DRIP_MS);
    response.socket?.on('close', () => clearInterval(timer));
  } else if (answer === 'endless') {
    response.writeHead(200, { 'content-length': String(ENDLESS_BYTES) });
    const chunk = Buffer.alloc(64 * 1_024);
    const more = (): void => {
      if (response.destroyed) return;
      if (response.write(chunk)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  }
}
