import type { Reason } from '../../core/reasons.ts';
import type { Displays } from './rehearsal.ts';

/** What a rule would have done over the log. */
export interface BacktestReport {
  readonly rule: string;
  /** The log's first and last moment, milliseconds since 1970; null when it holds no event of the site. */
  readonly from: number | null;
  readonly to: number | null;
  readonly events: number;
  readonly shoppers: number;
  /** How often it would have fired, its steps included, and for how many shoppers. */
  readonly fired: number;
  readonly reached: number;
  /** What held it back, and how often; a condition by its field, as `condition cart.value`. */
  readonly held: Readonly<Record<string, number>>;
  readonly perHour: readonly { readonly hour: number; readonly fired: number; readonly published: number }[];
  /** By the segments that the shoppers were in. */
  readonly perSegment: Readonly<Record<string, number>>;
  /** How often the version that was published then fired. */
  readonly published: number;
  /** Who would have got it and when: the first thousand. */
  readonly firings: readonly { readonly at: number; readonly shopper: string; readonly rule: string }[];
  /** Shoppers that were forgotten on the way, for want of room: to the rest they were new again. */
  readonly forgotten: number;
  readonly displays: Displays;
}

const HOUR_MS = 3_600_000;
const MOST_FIRINGS = 1_000;

/** Counts while a rehearsal goes on. */
export class ReportMaker {
  events = 0;
  readonly #rule: string;
  readonly #shoppers = new Set<string>();
  readonly #reached = new Set<string>();
  readonly #held = new Map<string, number>();
  readonly #hours = new Map<number, { fired: number; published: number }>();
  readonly #segments = new Map<string, number>();
  readonly #firings: { at: number; shopper: string; rule: string }[] = [];
  #from: number | null = null;
  #to: number | null = null;
  #fired = 0;
  #published = 0;
  #forgotten = 0;

  constructor(rule: string) {
    this.#rule = rule;
  }

  noteEvent(at: number, shopper: string): void {
    this.events++;
    this.#from ??= at;
    this.#to = at;
    this.#shoppers.add(shopper);
  }

  notePublished(at: number): void {
    this.#published++;
    this.#hour(at).published++;
  }

  noteForgotten(): void {
    this.#forgotten++;
  }

  noteReasons(at: number, shopper: string, reasons: readonly Reason[], segments: readonly string[]): void {
    for (const reason of reasons) {
      if (reason.rule !== this.#rule && !reason.rule.startsWith(`${this.#rule}/`)) continue;
      if (reason.result === 'held') count(this.#held, causeOf(reason));
      else this.#noteFired(at, shopper, reason.rule, segments);
    }
  }

  make(displays: Displays): BacktestReport {
    const hours = [...this.#hours].sort(([a], [b]) => a - b);
    return {
      rule: this.#rule,
      from: this.#from,
      to: this.#to,
      events: this.events,
      shoppers: this.#shoppers.size,
      fired: this.#fired,
      reached: this.#reached.size,
      held: Object.fromEntries([...this.#held].sort(([, a], [, b]) => b - a)),
      perHour: hours.map(([hour, { fired, published }]) => ({ hour, fired, published })),
      perSegment: Object.fromEntries(this.#segments),
      published: this.#published,
      firings: this.#firings,
      forgotten: this.#forgotten,
      displays,
    };
  }

  #noteFired(at: number, shopper: string, rule: string, segments: readonly string[]): void {
    this.#fired++;
    this.#reached.add(shopper);
    this.#hour(at).fired++;
    for (const segment of segments) count(this.#segments, segment);
    if (this.#firings.length < MOST_FIRINGS) this.#firings.push({ at, shopper, rule });
  }

  #hour(at: number): { fired: number; published: number } {
    const hour = at - (at % HOUR_MS);
    const known = this.#hours.get(hour) ?? { fired: 0, published: 0 };
    this.#hours.set(hour, known);
    return known;
  }
}

function causeOf(reason: Extract<Reason, { result: 'held' }>): string {
  return reason.by === 'condition' ? `condition ${reason.path}` : reason.by;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
