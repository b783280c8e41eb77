export interface Deadline {
  readonly at: number;
  readonly shopper: string;
}

/** Deadlines, the earliest first: a binary heap. */
export class Deadlines {
  readonly #heap: Deadline[] = [];

  add(at: number, shopper: string): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push({ at, shopper });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((heap[parent]?.at ?? 0) <= at) break;
      this.#swap(place, parent);
      place = parent;
    }
  }

  /** Takes out the earliest one, unless it is later than `time`. */
  next(time: number): Deadline | null {
    const [first] = this.#heap;
    if (!first || first.at > time) return null;
    const last = this.#heap.pop();
    if (last && last !== first) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      let least = place;
      if (this.#at(left) < this.#at(least)) least = left;
      if (this.#at(right) < this.#at(least)) least = right;
      if (least === place || least >= heap.length) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #at(place: number): number {
    return this.#heap[place]?.at ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first && second) [this.#heap[a], this.#heap[b]] = [second, first];
  }
}
