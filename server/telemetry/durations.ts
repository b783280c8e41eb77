import type { Histogram, Registry } from 'prom-client';

/**
 * A histogram of durations without labels. prom-client's own takes a microsecond for each value, more than is to be spent
 * on an event; this one keeps plain numbers, and tells them when it is asked.
 */
export class Durations {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #upToMs: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sumMs = 0;

  constructor(registry: Registry, name: string, help: string, upToMs: readonly number[]) {
    this.name = name;
    this.help = help;
    this.#upToMs = upToMs;
    this.#counts = upToMs.map(() => 0);
    // The registry asks a metric for these fields and for `get`, and for nothing else.
    registry.registerMetric(this as unknown as Histogram);
  }

  note(ms: number): void {
    // Clocks of two nodes may differ, and a node of another version may tell nothing.
    const noted = ms > 0 ? ms : 0;
    this.#count++;
    this.#sumMs += noted;
    for (let bucket = 0; bucket < this.#upToMs.length; bucket++)
      if (noted <= (this.#upToMs[bucket] ?? 0)) {
        this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
        return;
      }
  }

  get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    let upTo = 0;
    const buckets = this.#upToMs.map((ms, bucket) => {
      upTo += this.#counts[bucket] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le: ms / 1_000 }, value: upTo };
    });
    const values = [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: this.#count },
      { metricName: `${name}_sum`, labels: {}, value: this.#sumMs / 1_000 },
      { metricName: `${name}_count`, labels: {}, value: this.#count },
    ];
    return Promise.resolve({ name, help, type, aggregator, values });
  }
}
