import type { Logger } from 'pino';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { ErrorCode } from '../../shared/errors.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Nudge } from '../../shared/nudge.ts';
import type { Decision } from '../core/decide.ts';
import type { Input } from '../core/inputs.ts';
import { nameOf } from '../core/inputs.ts';
import { Durations } from './durations.ts';
import { LifeLog, type LifeLine, type Moment, MOMENTS } from './life-log.ts';
import { type CommitEnd, type Telemetry, wallClock } from './telemetry.ts';

const QUICK_MS = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
const LATE_MS = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000];

type NudgeEvent = Extract<Input, { kind: 'event' }>['event'] & { name: 'nudge_displayed' | 'nudge_clicked' };

/**
 * What this node has seen happen: counts that Prometheus asks for, and a line of the log for each moment of a nudge's life.
 * No label has a value from outside: how many series there are does not depend on who comes by.
 */
export class NodeTelemetry implements Telemetry {
  readonly #registry = new Registry();
  readonly #lives: LifeLog;
  readonly #events = { accepted: 0, duplicate: 0 };
  readonly #refused: Partial<Record<ErrorCode, number>> = { busy: 0, internal: 0 };
  readonly #commits: Record<CommitEnd, number> = {
    ok: 0,
    conflict: 0,
    budget_spent: 0,
    erased: 0,
    unavailable: 0,
    failed: 0,
  };
  readonly #moments = Object.fromEntries(MOMENTS.map((moment) => [moment, 0])) as Record<Moment, number>;
  #unseen = 0;
  #decisions = 0;
  #due = 0;
  #canaryFailures = 0;
  readonly #commitMs: Durations;
  readonly #nudgeMs: Durations;
  readonly #lateMs: Durations;
  readonly #canaryMs: Durations;

  constructor(logger: Logger) {
    this.#lives = new LifeLog(logger);
    const durations = (name: string, help: string, upToMs: readonly number[]) =>
      new Durations(this.#registry, `cartbell_${name}_seconds`, help, upToMs);
    this.counts('events_total', 'Events whose decision is durable.', () => this.#events, 'result');
    this.counts('refused_total', 'Inputs that were refused or failed.', () => this.#refused, 'code');
    this.counts('decisions_total', 'Inputs that were decided and committed.', () => this.#decisions);
    this.counts('commits_total', 'Commits by how they ended.', () => this.#commits, 'result');
    this.#commitMs = durations('commit', 'How long a commit took, however it ended.', QUICK_MS);
    this.counts('nudges_total', 'Moments in the lives of nudges.', () => this.#moments, 'moment');
    this.counts('nudges_unseen_total', 'Nudges that ended without a display.', () => this.#unseen);
    this.#nudgeMs = durations('nudge', 'From what a hub received to the push of its nudge.', QUICK_MS);
    this.counts('due_claimed_total', 'Deadlines that this node has taken on.', () => this.#due);
    this.#lateMs = durations('deadline_late', 'How late deadlines were decided.', LATE_MS);
    this.#canaryMs = durations('canary', 'How long a nudge took that this node sent to itself.', QUICK_MS);
    this.counts('canary_failures_total', 'Such nudges that did not arrive.', () => this.#canaryFailures);
    collectDefaultMetrics({ register: this.#registry });
  }

  counted(events: number, duplicates: number): void {
    this.#events.accepted += events;
    this.#events.duplicate += duplicates;
  }

  refused(inputs: number, code: ErrorCode): void {
    this.#refused[code] = (this.#refused[code] ?? 0) + inputs;
  }

  committed(end: CommitEnd, ms: number): void {
    this.#commits[end]++;
    this.#commitMs.note(ms);
  }

  decided(site: SiteId, at: number, input: Input, decision: Decision): void {
    this.#decisions++;
    const { effects, ended, answer } = decision;
    for (const effect of effects) {
      if (effect.kind !== 'push') continue;
      const { id: nudge, rule } = effect.nudge;
      const event = input.kind === 'event' ? input.event.id : undefined;
      this.#note('decided', { site, nudge, rule, input: nameOf(input), event });
    }
    if (input.kind === 'claim' && answer.kind === 'claim' && answer.granted)
      this.#note('claimed', { site, nudge: input.nudge });
    if (input.kind === 'event' && isSeeing(input.event) && isNews(input.event, at, decision)) {
      const moment = input.event.name === 'nudge_displayed' ? 'displayed' : 'clicked';
      this.#note(moment, { site, nudge: input.event.params.nudge, event: input.event.id });
    }
    for (const { nudge, rule, why, displayed } of ended) {
      if (!displayed) this.#unseen++;
      this.#note('ended', { site, nudge, rule, why, displayed });
    }
  }

  deadlineDecided(lateMs: number): void {
    this.#lateMs.note(lateMs);
  }

  dueClaimed(shoppers: number): void {
    this.#due += shoppers;
  }

  pushed(site: SiteId, { id: nudge, rule }: Nudge, pages: number, since: number): void {
    const ms = wallClock() - since;
    this.#nudgeMs.note(ms);
    this.#note('pushed', { site, nudge, rule, pages, ms: Math.round(ms) });
  }

  canary(ms: number | null): void {
    if (ms === null) this.#canaryFailures++;
    else this.#canaryMs.note(ms);
  }

  /** Counts that somebody else keeps; with a label, one for each of its values. */
  counts(
    name: string,
    help: string,
    read: () => number | Readonly<Record<string, number>>,
    label = '',
  ): void {
    const labelNames = label === '' ? [] : [label];
    const counter = new Counter({
      name: `cartbell_${name}`,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        const found = read();
        if (typeof found === 'number') this.inc(found);
        else for (const [value, count] of Object.entries(found)) this.inc({ [label]: value }, count);
      },
    });
    void counter;
  }

  /** What is so now, asked when Prometheus asks. What can't be told now is NaN. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const gauge = new Gauge({
      name: `cartbell_${name}`,
      help,
      registers: [this.#registry],
      async collect() {
        this.set(await read());
      },
    });
    void gauge;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #note(moment: Moment, line: LifeLine): void {
    this.#moments[moment]++;
    this.#lives.tell(moment, line);
  }
}

function isSeeing(event: { readonly name: string }): event is NudgeEvent {
  return event.name === 'nudge_displayed' || event.name === 'nudge_clicked';
}

/** Pages may report what is known, or what never was. */
function isNews({ name, params }: NudgeEvent, at: number, { shopper }: Decision): boolean {
  const past = shopper.past.find(({ nudge }) => nudge === params.nudge);
  return (name === 'nudge_displayed' ? past?.displayedAt : past?.clickedAt) === at;
}
