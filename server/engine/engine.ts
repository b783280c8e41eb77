import { type CaptureFault, captureFaults } from '../core/capture-faults.ts';
import { decide, type Decision } from '../core/decide.ts';
import type { Answer, Input } from '../core/inputs.ts';
import { randomFrom } from '../core/random.ts';
import { currentShape, newShopper, type Shopper } from '../core/shopper.ts';
import type { SiteId } from '../../shared/ids.ts';
import { isCountBudget } from '../core/offers.ts';
import type { LiveSite } from '../core/site.ts';
import type { LogRecord } from '../store/log-record.ts';
import type { Commit, CommitResult, ShopperKey, Store, Stored } from '../store/store.ts';
import { type CommitEnd, noTelemetry, type Telemetry, wallClock } from '../telemetry/telemetry.ts';
import { HubError } from './hub-error.ts';
import type { Pages } from './pages.ts';
import type { Seed } from './seeds.ts';
import type { SiteRegistry } from './site-registry.ts';

/** What became of a list of inputs that were given together. */
export interface Outcome {
  /** Of the inputs' events: how many were counted before and changed nothing. */
  readonly duplicates: number;
  /** The answer to the last input that asks something. */
  readonly answer: Answer;
}

interface Waiting {
  readonly inputs: readonly Input[];
  readonly receivedAt: number;
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}

interface Step {
  readonly input: Input;
  readonly receivedAt: number;
  readonly decision: Decision;
  /** What was wrong with how a page told it. */
  readonly faults: readonly CaptureFault[];
}

/** As many inputs of one shopper go into one commit. */
const MOST_AT_ONCE = 100;
/** Inputs waiting over all shoppers; past it new ones are refused, and their senders told to come back. */
const MOST_WAITING = 20_000;
const RETRY_AFTER_MS = 1_000;
const LOOKS_AT_ONCE = 200;
const MOST_ATTEMPTS = 8;

/**
 * Load, decide, commit, answer, carry out. A shopper's inputs are taken one after the other in the order they came;
 * those that arrive while a commit is under way go into the next one together.
 */
export class Engine {
  readonly #store: Store;
  readonly #sites: SiteRegistry;
  readonly #pages: Pages;
  readonly #seed: () => Seed;
  readonly #telemetry: Telemetry;
  readonly #queues = new Map<string, Waiting[]>();
  #waiting = 0;

  constructor(
    store: Store,
    sites: SiteRegistry,
    pages: Pages,
    seed: () => Seed,
    telemetry: Telemetry = noTelemetry,
  ) {
    this.#store = store;
    this.#sites = sites;
    this.#pages = pages;
    this.#seed = seed;
    this.#telemetry = telemetry;
  }

  /** Inputs that are not decided yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Resolves once what was decided is durable. Rejects with a `HubError` that says whether to try again; then nothing
   * of the inputs has happened, or (when a commit's result is unknown) trying again counts them once.
   */
  submit(key: ShopperKey, inputs: readonly Input[]): Promise<Outcome> {
    if (this.#waiting + inputs.length > MOST_WAITING) {
      this.#telemetry.refused(inputs.length, 'busy');
      return Promise.reject(
        new HubError('busy', 'Too much is waiting to be decided.', { retryAfterMs: RETRY_AFTER_MS }),
      );
    }
    this.#waiting += inputs.length;
    return new Promise((resolve, reject) => {
      const name = `${key.site}/${key.shopper}`;
      const queue = this.#queues.get(name);
      const waiting = { inputs, receivedAt: performance.now(), resolve, reject };
      if (queue) {
        queue.push(waiting);
        return;
      }
      const fresh = [waiting];
      this.#queues.set(name, fresh);
      void this.#drain(name, key, fresh);
    });
  }

  /** The shopper as last committed; null for one that has done nothing yet. Also says what time the store has. */
  async read(key: ShopperKey): Promise<{ document: Shopper | null; now: number }> {
    try {
      return await this.#store.load(key, []);
    } catch (error) {
      throw HubError.from(error);
    }
  }

  /**
   * Lets everybody who has a page open be decided upon anew, after their site has changed: those who are away hear of it
   * when they come back. Resolves when it is done; one that fails hears of it at their next event.
   */
  async lookAgain(site: SiteId): Promise<void> {
    const keys = this.#pages.connected(site);
    for (let from = 0; from < keys.length; from += LOOKS_AT_ONCE) {
      const some = keys.slice(from, from + LOOKS_AT_ONCE);
      await Promise.allSettled(some.map((key) => this.submit(key, [{ kind: 'clock' }])));
    }
  }

  async #drain(name: string, key: ShopperKey, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      try {
        const outcomes = await this.#run(key, batch);
        // Also where it was counted before: whoever asks again was perhaps never told that it is safe.
        if (batch.some(({ inputs }) => inputs.some(isAboutMoney))) await this.#store.confirm();
        for (const [index, waiting] of batch.entries()) {
          const outcome = outcomes[index] ?? nothing;
          this.#telemetry.counted(eventsIn(waiting.inputs) - outcome.duplicates, outcome.duplicates);
          waiting.resolve(outcome);
        }
      } catch (error) {
        const known = HubError.from(error);
        for (const { inputs, reject } of batch) {
          this.#telemetry.refused(inputs.length, known.code);
          reject(known);
        }
        // Perhaps it was committed and only the answer got lost: then nobody has been told, and nobody will be.
        this.#pages.startOver(key);
      } finally {
        for (const { inputs } of batch) this.#waiting -= inputs.length;
      }
    }
    this.#queues.delete(name);
  }

  async #run(key: ShopperKey, batch: readonly Waiting[]): Promise<Outcome[]> {
    const ids = eventIds(batch);
    const seed = this.#seed();
    // A budget that has too little left for one cart may have enough for the next: this holds for these inputs alone.
    const refused = new Set<string>();
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const stored = await this.#store.load(key, ids, attempt === 0 ? 'remembered' : 'stored');
      const turn = this.#decideAll(key, stored, batch, seed, refused);
      if (turn.steps.length === 0) {
        if (stored.isFresh) return turn.outcomes;
        // No commit would find out whether this was still true.
        continue;
      }
      const result = await this.#commit(turn.commit);
      if (result.ok) {
        this.#noteSteps(key, stored, turn.steps);
        this.#carryOut(key, turn.steps, result.nodes);
        return turn.outcomes;
      }
      if (result.why !== 'budget_spent') continue;
      refused.add(result.name);
      if (isCountBudget(result.name)) this.#sites.noteSpentBudget(key.site, result.name);
    }
    throw new HubError('busy', 'Others keep changing this shopper.', { retryAfterMs: RETRY_AFTER_MS });
  }

  async #commit(commit: Commit): Promise<CommitResult> {
    const startedAt = performance.now();
    let end: CommitEnd = 'failed';
    try {
      const result = await this.#store.commit(commit);
      end = result.ok ? 'ok' : result.why;
      return result;
    } catch (error) {
      if (HubError.from(error).code === 'busy') end = 'unavailable';
      throw error;
    } finally {
      this.#telemetry.committed(end, performance.now() - startedAt);
    }
  }

  #decideAll(
    key: ShopperKey,
    stored: Stored,
    batch: readonly Waiting[],
    seed: Seed,
    refused: ReadonlySet<string>,
  ) {
    const known = this.#sites.live(key.site);
    const live: LiveSite =
      refused.size === 0 ? known : { ...known, spentBudgets: new Set([...known.spentBudgets, ...refused]) };
    const random = randomFrom(seed);
    const counted = new Set(stored.counted);
    const counts: string[] = [];
    const steps: Step[] = [];
    let shopper = stored.document ? currentShape(stored.document) : newShopper(key.shopper, stored.now);
    const outcomes = batch.map(({ inputs, receivedAt }) => {
      let duplicates = 0;
      let answer: Answer = { kind: 'none' };
      for (const input of inputs) {
        const id = input.kind === 'event' ? input.event.id : undefined;
        if (id !== undefined && counted.has(id)) {
          duplicates++;
          continue;
        }
        if (id !== undefined) {
          counted.add(id);
          counts.push(id);
        }
        const decision = decide(shopper, input, live, stored.now, random);
        if (decision.answer.kind !== 'none') answer = decision.answer;
        const isNothing = decision.shopper === shopper && decision.reasons.length === 0;
        if (isNothing && id === undefined) continue;
        steps.push({ input, receivedAt, decision, faults: faultsIn(input, live, shopper) });
        shopper = decision.shopper;
      }
      return { duplicates, answer };
    });
    const records = steps.map((step) => recordOf(key, live.site.version, seed, stored.now, step));
    const coupons = steps.flatMap(({ decision }) => decision.coupons);
    const budgets = steps.flatMap(({ decision }) => decision.budgets);
    const { version, madeBy, now: at } = stored;
    const commit = { key, version, madeBy, at, document: shopper, counts, records, coupons, budgets };
    return { outcomes, steps, commit };
  }

  #noteSteps({ site }: ShopperKey, { document, now }: Stored, steps: readonly Step[]): void {
    const wakeAt = document?.wakeAt ?? null;
    if (wakeAt !== null && wakeAt <= now && steps.some(({ input }) => input.kind === 'clock'))
      this.#telemetry.deadlineDecided(now - wakeAt);
    for (const { input, decision } of steps) this.#telemetry.decided(site, now, input, decision);
  }

  /** After the commit. What is lost here is not lost: a page that comes back is welcomed with all that is live. */
  #carryOut(key: ShopperKey, steps: readonly Step[], nodes: readonly string[]): void {
    const effects = steps.flatMap(({ decision }) => decision.effects);
    const decisions = steps.flatMap(({ input, decision: { reasons } }) =>
      reasons.length > 0 ? [{ input: nameOf(input), reasons }] : [],
    );
    if (effects.length === 0 && decisions.length === 0) return;
    const cause = steps.find(({ decision }) => decision.effects.some(({ kind }) => kind === 'push'));
    const since = wallClock((cause ?? steps[0])?.receivedAt);
    this.#pages.tell(key, { effects, decisions, since }, nodes);
  }
}

const nothing: Outcome = { duplicates: 0, answer: { kind: 'none' } };

function takeBatch(queue: Waiting[]): Waiting[] {
  let count = 0;
  let size = 0;
  while (count < queue.length && (count === 0 || size + (queue[count]?.inputs.length ?? 0) <= MOST_AT_ONCE)) {
    size += queue[count]?.inputs.length ?? 0;
    count++;
  }
  return queue.splice(0, count);
}

function eventIds(batch: readonly Waiting[]): string[] {
  const ids: string[] = [];
  for (const { inputs } of batch)
    for (const input of inputs) if (input.kind === 'event') ids.push(input.event.id);
  return ids;
}

/** What the shop was paid for, or gives away: lost with a server, it would be reminded of or spent again. */
function isAboutMoney(input: Input): boolean {
  return input.kind === 'redeem' || (input.kind === 'event' && input.event.name === 'purchase');
}

function eventsIn(inputs: readonly Input[]): number {
  let events = 0;
  for (const { kind } of inputs) if (kind === 'event') events++;
  return events;
}

export function nameOf(input: Input): string {
  if (input.kind !== 'event') return input.kind;
  return input.event.name === 'custom_event' ? input.event.event : input.event.name;
}

/** A shop's server knows what it says: what is watched is whether its pages do. */
function faultsIn(input: Input, { site }: LiveSite, before: Shopper): readonly CaptureFault[] {
  return input.kind === 'event' && input.source === 'page' ? captureFaults(input.event, site, before) : [];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function recordOf(
  key: ShopperKey,
  version: number,
  seed: Seed,
  at: number,
  { input, decision, faults }: Step,
): LogRecord {
  const { steps, reasons, ended, together, entered, left, journeys, redeemed } = decision;
  const { site, shopper } = key;
  // Written out: this is done for every event, and spreading costs many times as much.
  const record: Writable<LogRecord> = { at, site, shopper, version, seed, input };
  if (steps.length > 0) record.steps = steps;
  if (reasons.length > 0) record.reasons = reasons;
  if (ended.length > 0) record.ended = ended;
  if (together.length > 0) record.together = together;
  if (redeemed.length > 0) record.redeemed = redeemed;
  if (journeys.length > 0) record.journeys = journeys;
  if (entered.length > 0) record.entered = entered;
  if (left.length > 0) record.left = left;
  if (faults.length > 0) record.faults = faults;
  return record;
}
