import { ackFault, connectErrorFault, messageFault } from './answers.ts';
import type { Sent } from './frames.ts';
import { CLOSE, closing, frame, FrameReader, PING, PONG, TEXT } from './ws-frames.ts';

/** The way to a hub: a real connection, or one in memory. */
export interface Wire {
  send(bytes: Buffer): void;
  end(): void;
}

/** What a run has seen. */
export interface Tally {
  frames: number;
  connections: number;
  acks: number;
  refusals: number;
  welcomes: number;
  /** Connections that the hub has ended. */
  cut: number;
  /** What must not happen, in words: at most a few of them. */
  readonly faults: string[];
}

export function newTally(): Tally {
  return { frames: 0, connections: 0, acks: 0, refusals: 0, welcomes: 0, cut: 0, faults: [] };
}

const MOST_FAULTS = 20;

export function addFault(tally: Tally, fault: string): void {
  if (tally.faults.length < MOST_FAULTS) tally.faults.push(fault);
}

const UPGRADE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: hub.test',
  'Origin: http://shop.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '',
  '',
].join('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

/** After what spoils a connection so many more are sent on it. */
const MORE_WHEN_SPOILT = 2;

/** One connection of a page that means no good. Every word that comes back is looked at. */
export class FuzzedPage {
  readonly #tally: Tally;
  readonly #opening: string;
  readonly #reader = new FrameReader();
  /** By the id of each question: the place of the frame that asked. */
  readonly #asked = new Map<number, number>();
  #wire: Wire | null = null;
  #isUpgraded = false;
  #left = Number.POSITIVE_INFINITY;
  #lastAck = 0;
  isReady = false;
  isGone = false;

  constructor(tally: Tally, opening: string) {
    this.#tally = tally;
    this.#opening = opening;
  }

  /** Nothing comes back before this. */
  begin(wire: Wire): void {
    this.#wire = wire;
    this.#tally.connections++;
    wire.send(Buffer.from(UPGRADE));
  }

  get unanswered(): number {
    return this.#asked.size;
  }

  get nextAck(): number {
    return ++this.#lastAck;
  }

  /** Whether the connection has served its time. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }

  say({ bytes, asks, spoils }: Sent, place: number): void {
    this.#tally.frames++;
    this.#left--;
    if (spoils) {
      this.#asked.clear();
      this.#left = Math.min(this.#left, MORE_WHEN_SPOILT);
    } else if (asks !== undefined && this.#left > MORE_WHEN_SPOILT) this.#asked.set(asks, place);
    this.#wire?.send(bytes);
  }

  /** The places of frames that were neither answered nor cut off. */
  questions(): number[] {
    return [...this.#asked.values()];
  }

  hear(chunk: Buffer): void {
    let bytes = chunk;
    if (!this.#isUpgraded) {
      const end = bytes.indexOf(HEAD_END);
      if (end < 0 || !bytes.subarray(0, 12).toString('latin1').endsWith('101')) {
        // The hub lets in so many at once and no more.
        this.leave();
        return;
      }
      this.#isUpgraded = true;
      bytes = bytes.subarray(end + HEAD_END.length);
    }
    for (const { opcode, payload } of this.#reader.read(bytes)) this.#take(opcode, payload);
  }

  /** The other side is gone. */
  lost(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.#tally.cut++;
    this.#wire?.end();
  }

  leave(): void {
    this.isGone = true;
    this.#wire?.end();
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === CLOSE) {
      this.#wire?.send(closing(0));
      this.lost();
    } else if (opcode === TEXT) this.#read(payload.toString());
    else if (opcode !== PING && opcode !== PONG) addFault(this.#tally, `frame of kind ${opcode}`);
  }

  #read(text: string): void {
    if (text.startsWith('43')) return this.#readAck(text);
    if (text.startsWith('42')) {
      if (text.startsWith('42["welcome"')) {
        this.#tally.welcomes++;
        this.isReady = true;
      }
      return this.#note(messageFault(text.slice(2)), text);
    }
    if (text.startsWith('44')) {
      this.#note(connectErrorFault(text.slice(text.lastIndexOf('{"message"'))), text);
      // What is said to a hub that has not let one in is worth a frame, too.
      this.isReady = true;
      this.#left = Math.min(this.#left, MORE_WHEN_SPOILT);
      return;
    }
    if (text.startsWith('0')) this.#wire?.send(frameOf(this.#opening));
    else if (!/^(40|41|[1236])/.test(text)) this.#note('nothing that Socket.IO says', text);
  }

  #readAck(text: string): void {
    const start = text.indexOf('[');
    const fault = ackFault(text.slice(start));
    this.#tally.acks++;
    if (text.startsWith('[{"ok":false', start)) this.#tally.refusals++;
    const id = Number(text.slice(2, start));
    if (fault !== null) this.#note(`frame ${this.#asked.get(id)}: ${fault}`, text);
    this.#asked.delete(id);
  }

  #note(fault: string | null, text: string): void {
    if (fault !== null) addFault(this.#tally, `${fault}: ${text.slice(0, 300)}`);
  }
}

function frameOf(text: string): Buffer {
  return frame(TEXT, Buffer.from(text));
}
