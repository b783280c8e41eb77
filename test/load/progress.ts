interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001B[K';

/** What is being done right now: one line that is written over in a terminal, a line each elsewhere. */
export class Progress {
  readonly #out: Output;
  readonly #limitMs: number;
  readonly #startedAt: number;
  readonly #now: () => number;

  constructor(out: Output, limitMs: number, now: () => number = () => performance.now()) {
    this.#out = out;
    this.#limitMs = limitMs;
    this.#now = now;
    this.#startedAt = now();
  }

  get elapsedMs(): number {
    return this.#now() - this.#startedAt;
  }

  say(what: string): void {
    const line = `[${clock(this.elapsedMs)} of at most ${clock(this.#limitMs)}] ${what}`;
    if (this.#out.isTTY !== true) this.#out.write(`${line}\n`);
    else this.#out.write(`${CLEAR_LINE}${line.slice(0, (this.#out.columns ?? 80) - 1)}`);
  }

  /** Leaves the terminal's line to others. */
  clear(): void {
    if (this.#out.isTTY === true) this.#out.write(CLEAR_LINE);
  }
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
