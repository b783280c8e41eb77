interface Waiting {
  readonly who: string;
  readonly start: () => void;
}

/** Lets so many work at once, and of each so many; the others wait in line, and who is at their own bound holds up nobody else. */
export class Turns {
  readonly #most: number;
  readonly #mostEach: number;
  readonly #working = new Map<string, number>();
  readonly #line: Waiting[] = [];
  #count = 0;

  constructor(most: number, mostEach: number) {
    this.#most = most;
    this.#mostEach = mostEach;
  }

  async take<T>(who: string, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.#line.push({ who, start });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#count--;
      const left = this.#of(who) - 1;
      if (left > 0) this.#working.set(who, left);
      else this.#working.delete(who);
      this.#admit();
    }
  }

  #admit(): void {
    while (this.#count < this.#most) {
      const index = this.#line.findIndex(({ who }) => this.#of(who) < this.#mostEach);
      const [next] = index < 0 ? [] : this.#line.splice(index, 1);
      if (!next) return;
      this.#count++;
      this.#working.set(next.who, this.#of(next.who) + 1);
      next.start();
    }
  }

  #of(who: string): number {
    return this.#working.get(who) ?? 0;
  }
}
