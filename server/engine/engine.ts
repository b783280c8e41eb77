import type { Input } from '../core/inputs.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import { nameOfShopper, type ShopperName } from '../store/shopper-name.ts';
import type { ShopperKey, Store, Stored } from '../store/store.ts';
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { type Asked, nothingAsked, type Outcome } from './batch-decision.ts';
import { Departures, isPartOfDeparting } from './departures.ts';
import { HubError } from './hub-error.ts';
import { type OfferGate, openGate } from './offer-gate.ts';
import type { Pages } from './pages.ts';
import type { Seed } from './seeds.ts';
import type { SiteRegistry } from './site-registry.ts';
import { CommitLoop } from './commit-loop.ts';

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

export interface EngineParts {
  readonly store: Store;
  readonly sites: SiteRegistry;
  readonly pages: Pages;
  readonly seed: () => Seed;
  readonly telemetry?: Telemetry;
  readonly gate?: OfferGate;
  /** Where more is kept of a shopper, beside the store. */
  forget?(key: ShopperKey): Promise<void>;
}

/**
 * The one way to a shopper: inputs, and what becomes of them. A shopper's inputs are taken one after the other in the order they came;
 * those that arrive while a commit is under way go into the next one together.
 */
export class Engine {
  readonly #store: Store;
  readonly #pages: Pages;
  readonly #telemetry: Telemetry;
  readonly #departures: Departures;
  readonly #loop: CommitLoop;
  readonly #queues = new Map<ShopperName, Waiting[]>();
  #waiting = 0;

  constructor(parts: EngineParts) {
    const { store, sites, pages, seed, telemetry = noTelemetry, gate = openGate } = parts;
    const { forget = () => Promise.resolve() } = parts;
    this.#store = store;
    this.#pages = pages;
    this.#telemetry = telemetry;
    this.#departures = new Departures({
      store,
      pages,
      forget,
      submit: (key, inputs) => this.submit(key, inputs),
      decideNow: (key, input) => this.#loop.run(key, [{ inputs: [input], receivedAt: performance.now() }]),
    });
    this.#loop = new CommitLoop({ store, sites, pages, seed, telemetry, gate, departures: this.#departures });
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
        const outcomes = await this.#loop.run(key, batch);
        // Also where it was counted before: whoever asks again was perhaps never told that it is safe.
        if (batch.some(({ inputs }) => inputs.some(isAboutMoney))) await this.#store.confirm();
        for (const [index, waiting] of batch.entries()) {
          this.#answer(waiting, outcomes[index] ?? nothingAsked);
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
}

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

/** What the shop was paid for, or gives away: lost with a server, it would be reminded of or spent again. */
function isAboutMoney(input: Input): boolean {
  if (input.kind === 'redeem' || input.kind === 'release') return true;
  return input.kind === 'event' && input.event.name === 'purchase';
}

function eventsIn(inputs: readonly Input[]): number {
  let events = 0;
  for (const { kind } of inputs) if (kind === 'event') events++;
  return events;
}
