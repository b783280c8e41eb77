import { decide, type Decision } from '../../core/decide.ts';
import type { Input } from '../../core/inputs.ts';
import { randomFrom } from '../../core/random.ts';
import type { Reason } from '../../core/reasons.ts';
import { newShopper, type Shopper } from '../../core/shopper.ts';
import type { LiveSite } from '../../core/site.ts';
import type { LogRecord } from '../../store/log-record.ts';
import { Deadlines } from './deadlines.ts';
import { type BacktestReport, ReportMaker } from './report.ts';

/**
 * What is taken for the display of a nudge that the log may not know. `all`: each is displayed at once, the cautious view
 * of caps. `logged`: those that the log says were.
 */
export type Displays = 'all' | 'logged';

/** Shoppers that are held in memory; past it those who were first seen longest ago are forgotten. */
const MOST_SHOPPERS = 200_000;
const SEED = [1, 2, 3, 4] as const;

/**
 * Lives through the log once more under other rules, by the same `decide`: events come when they came, deadlines when
 * they are due. Nothing is pushed, sent or spent.
 */
export class Rehearsal {
  readonly #live: LiveSite;
  readonly #rule: string;
  readonly #displays: Displays;
  readonly #shoppers = new Map<string, Shopper>();
  readonly #deadlines = new Deadlines();
  readonly #taken = new Map<string, number>();
  #decisions = 0;
  /** The rule of each nudge that the log tells of. */
  readonly #ruleOf = new Map<string, string>();
  readonly #report: ReportMaker;

  constructor(live: LiveSite, rule: string, displays: Displays) {
    this.#live = live;
    this.#rule = rule;
    this.#displays = displays;
    this.#report = new ReportMaker(rule);
  }

  get events(): number {
    return this.#report.events;
  }

  take(record: LogRecord): void {
    this.#wakeUntil(record.at);
    this.#noteLogged(record);
    const input = this.#asHere(record);
    if (!input) return;
    if (input.kind === 'event') this.#report.noteEvent(record.at, record.shopper);
    this.#decide(record.shopper, input, record.at, record.seed);
  }

  /** The report on all that happened up to then; deadlines that are due by then still come. */
  finish(until: number): BacktestReport {
    this.#wakeUntil(until);
    return this.#report.make(this.#displays);
  }

  /** Deadlines of all shoppers, in the order of time: what one takes from a budget, the next one lacks. */
  #wakeUntil(time: number): void {
    for (let due = this.#deadlines.next(time); due; due = this.#deadlines.next(time)) {
      const shopper = this.#shoppers.get(due.shopper);
      // Whoever has done something since has another deadline, which stands in the queue as well.
      if (shopper?.wakeAt === due.at) this.#decide(due.shopper, { kind: 'clock' }, due.at, SEED);
    }
  }

  #noteLogged({ at, reasons = [] }: LogRecord): void {
    for (const reason of reasons) {
      if (reason.result !== 'fired') continue;
      this.#ruleOf.set(reason.nudge, reason.rule);
      if (reason.rule === this.#rule) this.#report.notePublished(at);
    }
  }

  /** The input as it would have been here: of nudges it speaks by the names that they have here. */
  #asHere({ shopper, input }: LogRecord): Input | null {
    switch (input.kind) {
      case 'clock':
      case 'redeem':
        return null;
      // What was known of them by then, as it would have been known here.
      case 'merge': {
        const former = this.#shoppers.get(input.shopper.id);
        return former ? { kind: 'merge', shopper: former } : null;
      }
      // Here nobody is handed over by and by: whoever has departed is read once more, by the merge.
      case 'departed':
        return null;
      case 'claim': {
        const nudge = this.#namesake(shopper, input.nudge);
        return nudge === null ? null : { ...input, nudge };
      }
      case 'event': {
        const { event } = input;
        if (event.name === 'custom_event' || !('nudge' in event.params)) return input;
        const nudge = this.#namesake(shopper, event.params.nudge);
        // The compiler does not see that the params of a nudge's event stay those of a nudge's event.
        return nudge === null
          ? null
          : ({ ...input, event: { ...event, params: { ...event.params, nudge } } } as Input);
      }
      default:
        return input;
    }
  }

  #namesake(shopper: string, logged: string): string | null {
    const rule = this.#ruleOf.get(logged);
    const live = this.#shoppers.get(shopper)?.nudges.find(({ nudge }) => nudge.rule === rule);
    return live?.nudge.id ?? null;
  }

  #decide(id: string, input: Input, at: number, seed: LogRecord['seed']): void {
    const before = this.#shoppers.get(id) ?? this.#meet(id as Shopper['id'], at);
    // The log's seeds are for whole batches: with one each, no two nudges have the same id.
    const own = [seed[0], seed[1], seed[2], ++this.#decisions] as const;
    const refused = new Set<string>();
    const live = { ...this.#live, spentBudgets: refused };
    let decision = decide(before, input, live, at, randomFrom(own));
    while (this.#overdraws(decision, refused)) decision = decide(before, input, live, at, randomFrom(own));
    for (const { name, take } of decision.budgets) this.#taken.set(name, (this.#taken.get(name) ?? 0) + take);
    this.#report.noteReasons(at, id, decision.reasons, before.segments);
    this.#keep(id, decision.shopper, before);
    for (const reason of decision.reasons) this.#display(id, reason, at, seed);
  }

  #meet(id: Shopper['id'], at: number): Shopper {
    if (this.#shoppers.size >= MOST_SHOPPERS) {
      const [first] = this.#shoppers.keys();
      if (first !== undefined) this.#shoppers.delete(first);
      this.#report.noteForgotten();
    }
    return newShopper(id, at);
  }

  #keep(id: string, shopper: Shopper, before: Shopper): void {
    this.#shoppers.set(id, shopper);
    if (shopper.wakeAt !== null && shopper.wakeAt !== before.wakeAt) this.#deadlines.add(shopper.wakeAt, id);
  }

  /** Whether a decision takes more than a budget has left; then it is decided again without. */
  #overdraws({ budgets }: Decision, refused: Set<string>): boolean {
    const overdrawn = budgets.find(({ name, take, most }) => (this.#taken.get(name) ?? 0) + take > most);
    if (overdrawn) refused.add(overdrawn.name);
    return overdrawn !== undefined;
  }

  #display(id: string, reason: Reason, at: number, seed: LogRecord['seed']): void {
    if (this.#displays !== 'all' || reason.result !== 'fired') return;
    const [rule] = reason.rule.split('/');
    if (rule !== this.#rule) return;
    const event = {
      id: `seen-${reason.nudge}`,
      name: 'nudge_displayed',
      at,
      rev: 0,
      params: { nudge: reason.nudge },
    } as const;
    this.#decide(id, { kind: 'event', source: 'page', event }, at, seed);
  }
}
