import { connect, type Socket } from 'node:net';

const MASK = [0x5a, 0xc3, 0x17, 0x8e] as const;
const TEXT_FRAME = 0x81;
const CLOSE = 0x8;

/** The server would not have this socket. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * A WebSocket with ASCII texts, and no more of one than the load generator needs. Socket.IO's own client costs as much
 * CPU as the server: with it the generator would be full before the bare server is.
 */
export class FrameSocket {
  readonly #socket: Socket;
  readonly #onEnd: (why: Error) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isUpgraded = false;

  /** `from`: the address that a proxy would have heard it from. */
  constructor(
    url: URL,
    origin: string,
    onText: (text: string) => void,
    onEnd: (why: Error) => void,
    from?: string,
  ) {
    this.#onEnd = onEnd;
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.#socket.once('error', onEnd);
    this.#socket.once('close', () => onEnd(new Error('The server closed a socket.')));
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk, onText));
    this.#socket.write(
      [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        `Host: ${url.host}`,
        `Origin: ${origin}`,
        ...(from === undefined ? [] : [`X-Forwarded-For: ${from}`]),
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
        '\r\n',
      ].join('\r\n'),
    );
  }

  send(text: string): void {
    const { length } = text;
    const head = length < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(head + length);
    frame[0] = TEXT_FRAME;
    if (head === 6) {
      frame[1] = 0x80 | length;
    } else {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(length, 2);
    }
    for (let place = 0; place < 4; place++) frame[head - 4 + place] = MASK[place] ?? 0;
    for (let place = 0; place < length; place++)
      frame[head + place] = text.charCodeAt(place) ^ (MASK[place & 3] ?? 0);
    this.#socket.write(frame);
  }

  get isOpen(): boolean {
    return this.#isUpgraded && !this.#socket.destroyed;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer, onText: (text: string) => void): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#isUpgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = data;
        return;
      }
      const status = data.toString('latin1', 0, 12);
      if (status !== 'HTTP/1.1 101') {
        this.#onEnd(new Refused(`The server answered ${status}`));
        this.close();
        return;
      }
      this.#isUpgraded = true;
      data = data.subarray(end + 4);
    }
    this.#rest = this.#readFrames(data, onText);
  }

  #readFrames(data: Buffer, onText: (text: string) => void): Buffer {
    let at = 0;
    while (data.length - at >= 2) {
      const short = (data[at + 1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : 4;
      if (short === 127) throw new Error('A frame is larger than any message of the hub.');
      if (data.length - at < head) break;
      const length = head === 2 ? short : data.readUInt16BE(at + 2);
      if (data.length - at < head + length) break;
      if (((data[at] ?? 0) & 0xf) === CLOSE) this.close();
      else onText(data.toString('latin1', at + head, at + head + length));
      at += head + length;
    }
    return data.subarray(at);
  }
}
