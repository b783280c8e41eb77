const LINE_END = 10;
const BYTES_FOLLOW = new Set(['$', '=', '!']);
/** How many parts follow a head of `n`: one each for a list, two for a map; an attribute stands before what it is about. */
const PARTS_FOLLOW: Readonly<Record<string, (n: number) => number>> = {
  '*': (n) => n,
  '~': (n) => n,
  '>': (n) => n,
  '%': (n) => 2 * n,
  '|': (n) => 2 * n + 1,
};

/** Finds where replies begin in a stream of Redis's protocol, as it comes, however it is cut into chunks. */
export class ReplyStarts {
  /** Bytes to pass over before anything is read again. */
  #skip = 0;
  #line = '';
  /** How many parts are still to come, of each list that has begun. */
  readonly #open: number[] = [];
  #isBetween = true;

  /** The places in this chunk at which a reply begins. */
  in(chunk: Buffer): number[] {
    const starts: number[] = [];
    for (let at = 0; at < chunk.length;) {
      if (this.#isBetween) {
        starts.push(at);
        this.#isBetween = false;
      }
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        at += skipped;
        this.#skip -= skipped;
        if (this.#skip === 0) this.#partDone();
        continue;
      }
      const lineEnd = chunk.indexOf(LINE_END, at);
      const until = lineEnd === -1 ? chunk.length : lineEnd + 1;
      this.#line += chunk.toString('latin1', at, until);
      at = until;
      if (lineEnd !== -1) this.#lineDone();
    }
    return starts;
  }

  #lineDone(): void {
    const kind = this.#line.charAt(0);
    const size = Number.parseInt(this.#line.slice(1), 10);
    this.#line = '';
    const parts = size > 0 ? (PARTS_FOLLOW[kind]?.(size) ?? 0) : 0;
    if (parts > 0) this.#open.push(parts);
    else if (BYTES_FOLLOW.has(kind) && size >= 0) this.#skip = size + 2;
    else this.#partDone();
  }

  #partDone(): void {
    for (let last = this.#open.length - 1; last >= 0; last--) {
      const left = (this.#open[last] ?? 1) - 1;
      this.#open[last] = left;
      if (left > 0) return;
      this.#open.pop();
    }
    this.#isBetween = true;
  }
}
