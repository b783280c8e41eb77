import type { Input } from '../core/inputs.ts';
import { currentShape, type Departed, type Shopper } from '../core/shopper.ts';
import type { ShopperId } from '../../shared/ids.ts';
import type { ShopperKey, Store } from '../store/store.ts';
import { type Asked, eventIds, nothingAsked, type Outcome } from './batch-decision.ts';
import { HubError } from './hub-error.ts';
import type { Pages } from './pages.ts';

/** Names that one more may be found under while the others are erased. */
const MOST_ROUNDS = 10;

export interface DepartureParts {
  readonly store: Store;
  readonly pages: Pages;
  /** Where more is kept of a shopper, beside the store. To be called once the store has nothing of them. */
  forget(key: ShopperKey): Promise<void>;
  submit(key: ShopperKey, inputs: readonly Input[]): Promise<Outcome>;
  /** Decides at once, past the queue: in the turn of the shopper that it is about. */
  decideNow(key: ShopperKey, input: Input): Promise<unknown>;
}

/** Shoppers who have more than one name: handed over from one to the other, and erased under all of them. */
export class Departures {
  readonly #parts: DepartureParts;

  constructor(parts: DepartureParts) {
    this.#parts = parts;
  }

  /**
   * Of a shopper who turned out to be another: what the shop's server says is about whoever they are; pages are on their way there,
   * with what they have to tell. The clock finishes what a hub that died has left half done.
   */
  async passOn(
    { site, shopper }: ShopperKey,
    document: Shopper,
    departed: Departed,
    batch: readonly Asked[],
  ): Promise<readonly (Outcome | HubError)[]> {
    const { store, submit } = this.#parts;
    if (!departed.isDone) await this.handOver({ site, shopper }, departed, document);
    // What was counted before they departed, and whose answer was lost.
    const { counted } = await store.load({ site, shopper }, eventIds(batch));
    return Promise.all(
      batch.map(async ({ inputs }) => {
        if (inputs.some(isOfPage))
          return new HubError('busy', 'Come in anew: this shopper is known by name now.');
        const said = inputs.filter((input) => isAboutSomebody(input));
        const fresh = said.filter((input) => input.kind !== 'event' || !counted.has(input.event.id));
        const known = said.length - fresh.length;
        if (fresh.length === 0) return { ...nothingAsked, duplicates: known };
        return submit({ site, shopper: departed.to }, fresh).then(
          (outcome) => ({ ...outcome, duplicates: outcome.duplicates + known, isPassedOn: true }),
          HubError.from,
        );
      }),
    );
  }

  /** Whoever is being erased hears nothing more; where a hub died over it the clock finishes it. */
  async end(key: ShopperKey, batch: readonly Asked[]): Promise<readonly (Outcome | HubError)[]> {
    const isEndedByClock = batch.some(({ inputs }) => inputs.some(({ kind }) => kind === 'clock'));
    if (isEndedByClock) await this.finish(key);
    return batch.map(() => new HubError('erased', 'Nothing is kept of this shopper any more.'));
  }

  /** Gives all that is known of an anonymous shopper to whoever they are. In that shopper's turn; safe to do again. */
  async handOver(key: ShopperKey, { to }: Departed, document: Shopper): Promise<void> {
    const { submit, decideNow } = this.#parts;
    try {
      await submit({ site: key.site, shopper: to }, [{ kind: 'merge', shopper: currentShape(document) }]);
    } catch (error) {
      // Whoever they are is being erased, and this was known of them.
      if (HubError.from(error).code !== 'erased') throw error;
      await this.#wipe(key);
      return;
    }
    await decideNow(key, { kind: 'departed' });
  }

  /**
   * Wipes a shopper under each of their names, and lets go of their pages. From the first step on nothing comes to them, so that
   * nobody is handed over to them who would be left. Resolves with the names; where it stops before, asking again goes on.
   */
  async erase(key: ShopperKey): Promise<readonly ShopperId[]> {
    const { document } = await this.#parts.store.load(key, []);
    const to = document?.departed?.to;
    if (to !== undefined)
      return [...(await this.erase({ site: key.site, shopper: to })), ...(await this.#wipe(key))];
    if (document && !document.isEnding) {
      await this.#parts.submit(key, [{ kind: 'end' }]);
      // They may have become somebody else before it was their turn.
      if ((await this.#parts.store.load(key, [])).document?.departed) return this.erase(key);
    }
    return this.finish(key);
  }

  /** The rest of it, once it has begun. */
  async finish(key: ShopperKey): Promise<readonly ShopperId[]> {
    const erased = new Set<ShopperId>();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { document } = await this.#parts.store.load(key, []);
      const names = await this.#formerNames(key, document);
      const left = names.filter((name) => !erased.has(name));
      if (left.length === 0) break;
      for (const shopper of left) {
        await this.#wipe({ site: key.site, shopper });
        erased.add(shopper);
      }
    }
    return [...erased, ...(await this.#wipe(key))];
  }

  /** Of those whom a browser was bound for, and who were not handed over yet, only those who are nobody else. */
  async #formerNames({ site, shopper }: ShopperKey, document: Shopper | null): Promise<ShopperId[]> {
    const bound = (document?.bindings ?? []).flatMap(({ from }) => (from === undefined ? [] : [from]));
    const names = new Set([...(document?.merged ?? []), ...bound]);
    names.delete(shopper);
    const own: ShopperId[] = [];
    for (const name of names) {
      const former = (await this.#parts.store.load({ site, shopper: name }, [])).document;
      if ((former?.departed?.to ?? shopper) === shopper) own.push(name);
    }
    return own;
  }

  async #wipe(key: ShopperKey): Promise<readonly [ShopperId]> {
    const { store, pages, forget } = this.#parts;
    pages.startOver(key, await store.erase(key));
    await forget(key);
    return [key.shopper];
  }
}

/** Decided here also where the shopper has departed. */
export function isPartOfDeparting({ inputs }: Asked): boolean {
  return inputs.some(({ kind }) => kind === 'depart' || kind === 'departed');
}

/** Not the clock’s, nor a call for all of a segment, in which whoever they are has a place of their own. */
function isAboutSomebody(input: Input): boolean {
  return input.kind !== 'clock' && (input.kind !== 'call' || input.segment === undefined);
}

function isOfPage(input: Input): boolean {
  return (
    input.kind === 'page' || input.kind === 'claim' || (input.kind === 'event' && input.source === 'page')
  );
}
