import type { Effect } from '../core/effects.ts';
import { nameOf } from '../core/inputs.ts';
import { isCountBudget } from '../core/offers.ts';
import type { LiveSite } from '../core/site.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Commit, CommitResult, ShopperKey, Store, Stored } from '../store/store.ts';
import { type CommitEnd, type Telemetry, wallClock } from '../telemetry/telemetry.ts';
import {
  type Asked,
  decideBatch,
  type DecidedBatch,
  eventIds,
  type Outcome,
  type Step,
} from './batch-decision.ts';
import { type Departures, isPartOfDeparting } from './departures.ts';
import { HubError } from './hub-error.ts';
import type { OfferGate } from './offer-gate.ts';
import type { News, Pages } from './pages.ts';
import type { Seed } from './seeds.ts';
import type { SiteRegistry } from './site-registry.ts';

const RETRY_AFTER_MS = 1_000;
const MOST_ATTEMPTS = 8;

export interface CommitLoopParts {
  readonly store: Store;
  readonly sites: SiteRegistry;
  readonly pages: Pages;
  readonly seed: () => Seed;
  readonly telemetry: Telemetry;
  readonly gate: OfferGate;
  readonly departures: Departures;
}

/** What a shopper’s inputs go through: load, decide, commit, carry out, and again where somebody else has changed them meanwhile. */
export class CommitLoop {
  readonly #parts: CommitLoopParts;

  constructor(parts: CommitLoopParts) {
    this.#parts = parts;
  }

  /** What each is answered, once what was decided is durable; nothing that is answered by an error has happened. */
  async run(key: ShopperKey, batch: readonly Asked[]): Promise<readonly (Outcome | HubError)[]> {
    const { store, sites, seed: draw, departures } = this.#parts;
    const ids = eventIds(batch);
    const seed = draw();
    // A budget that has too little left for one cart may have enough for the next: this holds for these inputs alone.
    const refused = new Set<string>();
    let isAddressServed: boolean | null = null;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const stored = await store.load(key, ids, attempt === 0 ? 'remembered' : 'stored');
      if (stored.isErased) throw new HubError('erased', 'Nothing is kept of this shopper any more.');
      const { document } = stored;
      if (document?.isEnding) return departures.end(key, batch);
      if (document?.departed && !batch.some(isPartOfDeparting))
        return departures.passOn(key, document, document.departed, batch);
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
      if (isCountBudget(result.name)) sites.noteSpentBudget(key.site, result.name);
    }
    throw new HubError('busy', 'Others keep changing this shopper.', { retryAfterMs: RETRY_AFTER_MS });
  }

  /** Whether the address that the shopper was last seen at has had its codes for today. */
  async #isServed(site: SiteId, { document, coupons, at }: Commit): Promise<boolean> {
    const { sites, gate } = this.#parts;
    const { from } = document.session;
    // Codes of an anonymous shopper who turned out to be this one were counted when they were given.
    const fresh = document.coupons.filter((coupon) => coupon.at === at && coupons.includes(coupon.digest));
    if (from === undefined || fresh.length === 0) return false;
    let given = 0;
    for (const _ of fresh) given = await gate.tally(site, from);
    return given > sites.live(site).site.offersPerAddress;
  }

  async #commit(commit: Commit): Promise<CommitResult> {
    const { store, telemetry } = this.#parts;
    const startedAt = performance.now();
    let end: CommitEnd = 'failed';
    try {
      const result = await store.commit(commit);
      end = result.ok ? 'ok' : result.why;
      return result;
    } catch (error) {
      if (HubError.from(error).code === 'busy') end = 'unavailable';
      throw error;
    } finally {
      telemetry.committed(end, performance.now() - startedAt);
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
    const known = this.#parts.sites.live(key.site);
    const isHeldBack = refused.size > 0 || isAddressServed;
    const live: LiveSite = isHeldBack
      ? { ...known, spentBudgets: new Set([...known.spentBudgets, ...refused]), isAddressServed }
      : known;
    return decideBatch(key, stored, batch, live, seed);
  }

  #noteSteps({ site }: ShopperKey, { document, now }: Stored, steps: readonly Step[]): void {
    const { telemetry } = this.#parts;
    const wakeAt = document?.wakeAt ?? null;
    if (wakeAt !== null && wakeAt <= now && steps.some(({ input }) => input.kind === 'clock'))
      telemetry.deadlineDecided(now - wakeAt);
    for (const { input, decision } of steps) telemetry.decided(site, now, input, decision);
  }

  /** After the commit. What is lost here is not lost: a page that comes back is welcomed with all that is live. */
  #carryOut(key: ShopperKey, steps: readonly Step[], nodes: readonly string[]): void {
    const { pages } = this.#parts;
    if (steps.some(({ decision }) => decision.startsOver)) pages.startOver(key, nodes);
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
    pages.tell(key, { effects, decisions, since }, nodes);
  }
}
