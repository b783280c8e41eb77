import type { ShopperEvent } from '../../../shared/event.ts';

type Line = readonly [item: string, quantity: number];
type Says =
  | { readonly all: true; readonly lines: readonly Line[] }
  | { readonly all: false; readonly sign: number; readonly lines: readonly Line[] };
type Place = readonly [rev: number, id: string];
type Reported = { readonly place: Place; readonly says: Says };

/** The product folds older changes once more than this wait behind one snapshot. */
const MOST_BEHIND_A_SNAPSHOT = 50;

/** What is in a cart, from all reports in the shopper's own order: the plain sum, made anew whenever one comes. */
export class CartHistory {
  /** By place. */
  readonly #reports: Reported[] = [];
  #highest = 0;
  #servers = 0;
  #lines = new Map<string, number>();
  /** Too much is waiting behind one snapshot for the plain sum to be what was promised. */
  isBeyondBounds = false;
  /** Where the last purchase stands in the shopper's order. */
  boughtAt: Place | null = null;

  get lines(): ReadonlyMap<string, number> {
    return this.#lines;
  }

  /** The highest place that a page has told of so far. */
  notePage(rev: number): void {
    this.#highest = Math.max(this.#highest, rev);
  }

  note(event: ShopperEvent, source: 'page' | 'server'): void {
    const says = saysOf(event);
    if (!says) return;
    const place = this.#placeOf(event, source);
    if (event.name === 'purchase' && (!this.boughtAt || isBefore(this.boughtAt, place)))
      this.boughtAt = place;
    const after = this.#reports.findLastIndex((other) => isBefore(other.place, place)) + 1;
    this.#reports.splice(after, 0, { place, says });
    this.#addUp();
  }

  /** Whether an event tells of what was there before the last purchase. */
  isBeforePurchase({ rev = 0, id }: ShopperEvent): boolean {
    return this.boughtAt !== null && isBefore([rev, id], this.boughtAt);
  }

  /** A server's report comes after all that is known when it comes. */
  #placeOf(event: ShopperEvent, source: 'page' | 'server'): Place {
    if (source === 'page') return [event.rev ?? 0, event.id];
    return [this.#highest, `~${String(this.#servers++).padStart(9, '0')}`];
  }

  #addUp(): void {
    const snapshot = this.#reports.findLastIndex(({ says }) => says.all);
    const lines = new Map<string, number>(this.#reports[snapshot]?.says.lines);
    const changes = this.#reports.slice(snapshot + 1);
    if (changes.length > MOST_BEHIND_A_SNAPSHOT) this.isBeyondBounds = true;
    for (const { says } of changes) {
      if (says.all) continue;
      for (const [item, quantity] of says.lines) {
        const sum = (lines.get(item) ?? 0) + says.sign * quantity;
        if (sum > 0) lines.set(item, sum);
        else lines.delete(item);
      }
    }
    this.#lines = lines;
  }
}

function saysOf(event: ShopperEvent): Says | null {
  switch (event.name) {
    case 'purchase':
      return { all: true, lines: [] };
    case 'view_cart':
      return { all: true, lines: linesOf(event.params.items) };
    case 'add_to_cart':
      return { all: false, sign: 1, lines: linesOf(event.params.items) };
    case 'remove_from_cart':
      return { all: false, sign: -1, lines: linesOf(event.params.items) };
    default:
      return null;
  }
}

function linesOf(items: readonly { item_id: string; quantity?: number | undefined }[]): Line[] {
  return items.map(({ item_id, quantity = 1 }) => [item_id, quantity]);
}

function isBefore([revA, idA]: Place, [revB, idB]: Place): boolean {
  return revA < revB || (revA === revB && idA < idB);
}
