import type { Effect } from '../core/effects.ts';
import { type Input, nameOf } from '../core/inputs.ts';
import type { Departed, Shopper } from '../core/shopper.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import { isCountBudget } from '../core/offers.ts';
import type { LiveSite } from '../core/site.ts';
import { nameOfShopper, type ShopperName } from '../store/shopper-name.ts';
import type { Commit, CommitResult, ShopperKey, Store, Stored } from '../store/store.ts';
import { type CommitEnd, noTelemetry, type Telemetry, wallClock } from '../telemetry/telemetry.ts';
import { type Asked, decideBatch, type DecidedBatch, type Outcome, type Step } from './batch-decision.ts';
import { Departures } from './departures.ts';
import { HubError } from './hub-error.ts';
import { type OfferGate, openGate } from './offer-gate.ts';
import type { News, Pages } from './pages.ts';
import type { Seed } from './seeds.ts';
import type { SiteRegistry } from './site-registry.ts';

interface Waiting extends Asked {
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
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
  readonly #gate: OfferGate;
  readonly #departures: Departures;
  readonly #queues = new Map<ShopperName, Waiting[]>();
  #waiting = 0;

  constructor(
    store: Store,
    sites: SiteRegistry,
    pages: Pages,
    seed: () => Seed,
    telemetry: Telemetry = noTelemetry,
    gate: OfferGate = openGate,
    forget: (key: ShopperKey) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#store = store;
    this.#sites = sites;
    this.#pages = pages;
    this.#seed = seed;
    this.#telemetry = telemetry;
    this.#gate = gate;
    this.#departures = new Departures({
      store,
      pages,
      forget,
      submit: (key, inputs) => this.submit(key, inputs),
      decideNow: (key, input) => this.#run(key, [{ inputs: [input], receivedAt: performance.now() }]),
    });
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
      const name = nameOfShopper(key);
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
  async read(key: ShopperKey): Promise<Pick<Stored, 'document' | 'now' | 'isErased'>> {
    try {
      return await this.#store.load(key, []);
    } catch (error) {
      throw HubError.from(error);
    }
  }

  /** By what this hub remembers, where it does: whoever commits upon that finds out. */
  async recall(key: ShopperKey): Promise<Pick<Stored, 'document' | 'isErased'>> {
    try {
      return await this.#store.load(key, [], 'remembered');
    } catch (error) {
      throw HubError.from(error);
    }
  }

  /**
   * Forgets a shopper for good, under each name that they had, and lets go of their pages: each comes back as somebody new. Inputs
   * that are under way are refused. Resolves with the names, once nothing is kept.
   */
  async erase(key: ShopperKey): Promise<readonly ShopperId[]> {
    try {
      return await this.#departures.erase(key);
    } catch (error) {
      throw HubError.from(error);
    }
  }

  /** Which of these events were counted for a shopper before they turned out to be another. */
  async countedFor(key: ShopperKey, events: readonly string[]): Promise<ReadonlySet<string>> {
    if (events.length === 0) return new Set();
    try {
      return (await this.#store.load(key, events)).counted;
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

  async #drain(name: ShopperName, key: ShopperKey, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue);
      try {
        const outcomes = await this.#run(key, batch);
        // Also where it was counted before: whoever asks again was perhaps never told that it is safe.
        if (batch.some(({ inputs }) => inputs.some(isAboutMoney))) await this.#store.confirm();
        for (const [index, waiting] of batch.entries()) {
          this.#answer(waiting, outcomes[index] ?? nothing);
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

  #answer({ inputs, resolve, reject }: Waiting, outcome: Outcome | HubError): void {
    if (outcome instanceof HubError) {
      this.#telemetry.refused(inputs.length, outcome.code);
      reject(outcome);
      return;
    }
    const { duplicates, unkept } = outcome;
    // Where it was passed on it was counted there.
    if (!outcome.isPassedOn) this.#telemetry.counted(eventsIn(inputs) - duplicates - unkept, duplicates);
    resolve(outcome);
  }

  async #run(key: ShopperKey, batch: readonly Asked[]): Promise<readonly (Outcome | HubError)[]> {
    const ids = eventIds(batch);
    const seed = this.#seed();
    // A budget that has too little left for one cart may have enough for the next: this holds for these inputs alone.
    const refused = new Set<string>();
    let isAddressServed: boolean | null = null;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const stored = await this.#store.load(key, ids, attempt === 0 ? 'remembered' : 'stored');
      if (stored.isErased) throw new HubError('erased', 'Nothing is kept of this shopper any more.');
      const { document } = stored;
      if (document?.isEnding) return this.#end(key, batch);
      if (document?.departed && !batch.some(isPartOfDeparting))
        return this.#passOn(key, document, document.departed, batch);
      let turn = this.#decideAll(key, stored, batch, seed, refused, isAddressServed === true);
      if (isAddressServed === null && turn.commit.coupons.length > 0) {
        isAddressServed = await this.#isServed(key.site, turn.commit);
        if (isAddressServed) turn = this.#decideAll(key, stored, batch, seed, refused, true);
      }
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
      // At the next load it is seen, too, whether they were erased meanwhile.
      if (result.why !== 'budget_spent') continue;
      refused.add(result.name);
      if (isCountBudget(result.name)) this.#sites.noteSpentBudget(key.site, result.name);
    }
    throw new HubError('busy', 'Others keep changing this shopper.', { retryAfterMs: RETRY_AFTER_MS });
  }

  /**
   * Of a shopper who turned out to be another: what the shop's server says is about whoever they are; pages are on their way there,
   * with what they have to tell. The clock finishes what a hub that died has left half done.
   */
  async #passOn(
    { site, shopper }: ShopperKey,
    document: Shopper,
    departed: Departed,
    batch: readonly Asked[],
  ): Promise<readonly (Outcome | HubError)[]> {
    if (!departed.isDone) await this.#departures.handOver({ site, shopper }, departed, document);
    // What was counted before they departed, and whose answer was lost.
    const { counted } = await this.#store.load({ site, shopper }, eventIds(batch));
    return Promise.all(
      batch.map(async ({ inputs }) => {
        if (inputs.some(isOfPage))
          return new HubError('busy', 'Come in anew: this shopper is known by name now.');
        const said = inputs.filter((input) => isAboutSomebody(input));
        const fresh = said.filter((input) => input.kind !== 'event' || !counted.has(input.event.id));
        const known = said.length - fresh.length;
        if (fresh.length === 0) return { ...nothing, duplicates: known };
        return this.submit({ site, shopper: departed.to }, fresh).then(
          (outcome) => ({ ...outcome, duplicates: outcome.duplicates + known, isPassedOn: true }),
          HubError.from,
        );
      }),
    );
  }

  /** Whoever is being erased hears nothing more; where a hub died over it the clock finishes it. */
  async #end(key: ShopperKey, batch: readonly Asked[]): Promise<readonly (Outcome | HubError)[]> {
    const isEndedByClock = batch.some(({ inputs }) => inputs.some(({ kind }) => kind === 'clock'));
    if (isEndedByClock) await this.#departures.finish(key);
    return batch.map(() => new HubError('erased', 'Nothing is kept of this shopper any more.'));
  }

  /** Whether the address that the shopper was last seen at has had its codes for today. */
  async #isServed(site: SiteId, { document, coupons, at }: Commit): Promise<boolean> {
    const { from } = document.session;
    // Codes of an anonymous shopper who turned out to be this one were counted when they were given.
    const fresh = document.coupons.filter((coupon) => coupon.at === at && coupons.includes(coupon.digest));
    if (from === undefined || fresh.length === 0) return false;
    let given = 0;
    for (const _ of fresh) given = await this.#gate.tally(site, from);
    return given > this.#sites.live(site).site.offersPerAddress;
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
    batch: readonly Asked[],
    seed: Seed,
    refused: ReadonlySet<string>,
    isAddressServed: boolean,
  ): DecidedBatch {
    const known = this.#sites.live(key.site);
    const isHeldBack = refused.size > 0 || isAddressServed;
    const live: LiveSite = isHeldBack
      ? { ...known, spentBudgets: new Set([...known.spentBudgets, ...refused]), isAddressServed }
      : known;
    return decideBatch(key, stored, batch, live, seed);
  }

  #noteSteps({ site }: ShopperKey, { document, now }: Stored, steps: readonly Step[]): void {
    const wakeAt = document?.wakeAt ?? null;
    if (wakeAt !== null && wakeAt <= now && steps.some(({ input }) => input.kind === 'clock'))
      this.#telemetry.deadlineDecided(now - wakeAt);
    for (const { input, decision } of steps) this.#telemetry.decided(site, now, input, decision);
  }

  /** After the commit. What is lost here is not lost: a page that comes back is welcomed with all that is live. */
  #carryOut(key: ShopperKey, steps: readonly Step[], nodes: readonly string[]): void {
    if (steps.some(({ decision }) => decision.startsOver)) this.#pages.startOver(key, nodes);
    const effects: Effect[] = [];
    const decisions: News['decisions'][number][] = [];
    for (const { input, decision } of steps) {
      const { reasons } = decision;
      effects.push(...decision.effects);
      if (reasons.length > 0) decisions.push({ input: nameOf(input), reasons });
    }
    if (effects.length === 0 && decisions.length === 0) return;
    const cause = steps.find(({ decision }) => decision.effects.some(({ kind }) => kind === 'push'));
    const since = wallClock((cause ?? steps[0])?.receivedAt);
    this.#pages.tell(key, { effects, decisions, since }, nodes);
  }
}

const nothing: Outcome = { duplicates: 0, unkept: 0, answer: { kind: 'none' } };

function takeBatch(queue: Waiting[]): Waiting[] {
  let count = 0;
  let size = 0;
  for (const waiting of queue) {
    size += waiting.inputs.length;
    // What comes after a departure is no longer decided here.
    if (count > 0 && (size > MOST_AT_ONCE || isPartOfDeparting(waiting))) break;
    count++;
    if (isPartOfDeparting(waiting)) break;
  }
  return queue.splice(0, count);
}

function eventIds(batch: readonly Asked[]): string[] {
  const ids: string[] = [];
  for (const { inputs } of batch)
    for (const input of inputs) if (input.kind === 'event') ids.push(input.event.id);
  return ids;
}

/** What the shop was paid for, or gives away: lost with a server, it would be reminded of or spent again. */
function isAboutMoney(input: Input): boolean {
  if (input.kind === 'redeem' || input.kind === 'release') return true;
  return input.kind === 'event' && input.event.name === 'purchase';
}

/** Not the clock’s, nor a call for all of a segment, in which whoever they are has a place of their own. */
function isAboutSomebody(input: Input): boolean {
  return input.kind !== 'clock' && (input.kind !== 'call' || input.segment === undefined);
}

/** Decided here also where the shopper has departed. */
function isPartOfDeparting({ inputs }: Asked): boolean {
  return inputs.some(({ kind }) => kind === 'depart' || kind === 'departed');
}

function isOfPage(input: Input): boolean {
  return (
    input.kind === 'page' || input.kind === 'claim' || (input.kind === 'event' && input.source === 'page')
  );
}

function eventsIn(inputs: readonly Input[]): number {
  let events = 0;
  for (const { kind } of inputs) if (kind === 'event') events++;
  return events;
}
