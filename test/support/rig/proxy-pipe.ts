import type { Socket } from 'node:net';

/** What is wrong with one direction of a proxy. */
export interface PipeFaults {
  readonly latencyMs: number;
  /** Up to so much on top, by chance; the order is kept. */
  readonly jitterMs: number;
  readonly bytesPerSecond: number;
  /** One byte at a time. */
  readonly isSliced: boolean;
}

/** Past it, no more is read from the sender until some of it has been passed on. */
const MOST_WAITING_BYTES = 256 * 1024;
/** A throttled pipe passes on so much at once, in parts of a second. */
const PARTS_OF_A_SECOND = 20;
const PART_MS = 1_000 / PARTS_OF_A_SECOND;

interface Hooks {
  faults(): PipeFaults;
  /** Where in what has just come in the connection is to be cut; null: nowhere. */
  cutAt(chunk: Buffer): number | null;
  cut(): void;
  passed(bytes: number): void;
}

/** One direction of one connection: takes from a socket and gives to another, as badly as its faults say. */
export class Pipe {
  waitingBytes = 0;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #hooks: Hooks;
  /** Null stands for the cut. */
  readonly #waiting: { bytes: Buffer | null; dueAt: number }[] = [];
  #lastDueAt = 0;
  #freeAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isWriting = false;
  #hasEnded = false;
  #isFrozen = false;

  constructor(from: Socket, to: Socket, hooks: Hooks) {
    this.#from = from;
    this.#to = to;
    this.#hooks = hooks;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => {
      this.#hasEnded = true;
      this.#pump();
    });
  }

  /** Nothing passes any more, for good, not even the news that the sender has gone. */
  freeze(): void {
    this.#isFrozen = true;
    this.#from.pause();
    clearTimeout(this.#timer);
  }

  /** The faults have changed: nothing waits for longer than it would by the new ones. */
  refresh(): void {
    const latest = this.#dueAtNow();
    for (const waiting of this.#waiting) waiting.dueAt = Math.min(waiting.dueAt, latest);
    this.#lastDueAt = Math.min(this.#lastDueAt, latest);
    this.#freeAt = 0;
    this.#pump();
  }

  #take(chunk: Buffer): void {
    const cutAt = this.#hooks.cutAt(chunk);
    const bytes = cutAt === null ? chunk : chunk.subarray(0, cutAt);
    this.#lastDueAt = Math.max(this.#lastDueAt, this.#dueAtNow());
    if (bytes.length > 0) this.#waiting.push({ bytes, dueAt: this.#lastDueAt });
    this.waitingBytes += bytes.length;
    if (cutAt !== null) this.#waiting.push({ bytes: null, dueAt: this.#lastDueAt });
    if (cutAt !== null || this.waitingBytes > MOST_WAITING_BYTES) this.#from.pause();
    this.#pump();
  }

  #dueAtNow(): number {
    const { latencyMs, jitterMs } = this.#hooks.faults();
    return performance.now() + latencyMs + Math.random() * jitterMs;
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#isFrozen || this.#isWriting) return;
    const [next] = this.#waiting;
    if (!next) {
      if (this.#hasEnded) this.#to.end();
      return;
    }
    const waitMs = Math.max(next.dueAt, this.#freeAt) - performance.now();
    if (waitMs > 0) this.#timer = setTimeout(() => this.#pump(), waitMs);
    else if (next.bytes === null) this.#hooks.cut();
    else this.#give(next.bytes);
  }

  #give(bytes: Buffer): void {
    const { bytesPerSecond, isSliced } = this.#hooks.faults();
    const most = isSliced ? 1 : Math.max(1, Math.floor(bytesPerSecond / PARTS_OF_A_SECOND));
    const part = bytes.subarray(0, most);
    const [next] = this.#waiting;
    if (next && part.length < bytes.length) next.bytes = bytes.subarray(part.length);
    else this.#waiting.shift();
    // A timer that comes late is made up for, by no more than one part.
    const from = Math.max(this.#freeAt, performance.now() - PART_MS);
    this.#freeAt =
      bytesPerSecond === Number.POSITIVE_INFINITY ? 0 : from + (part.length * 1_000) / bytesPerSecond;
    this.#isWriting = true;
    const given = () => this.#given(part.length);
    // Whoever reads gets a turn after every byte.
    this.#to.write(part, isSliced ? () => setImmediate(given) : given);
  }

  #given(length: number): void {
    this.#isWriting = false;
    this.waitingBytes -= length;
    this.#hooks.passed(length);
    const isCut = this.#waiting.at(-1)?.bytes === null;
    if (this.waitingBytes <= MOST_WAITING_BYTES / 2 && !this.#isFrozen && !isCut) this.#from.resume();
    this.#pump();
  }
}
