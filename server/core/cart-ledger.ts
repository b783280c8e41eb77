import type { CartSnapshot, ShopperEvent } from '../../shared/event.ts';
import type { Item } from '../../shared/item.ts';

/**
 * The content of a cart, reconciled from reports that may come twice, late and in any order.
 *
 * Reports are ordered by `(rev, id)`, never by arrival. A snapshot (or a purchase, which is a snapshot of an empty
 * cart) at some place in that order replaces everything before it; additions and removals after it are applied on
 * top, in order. So any permutation and any duplication of a history gives the same lines, as long as no more than
 * `MAX_PENDING` changes wait behind one snapshot; past that the oldest are folded into the base, and a report that
 * is older still is dropped.
 */
export interface CartLedger {
  readonly base: { readonly rev: number; readonly id: string; readonly lines: readonly CartLine[] };
  readonly pending: readonly CartChange[];
}

export interface CartLine {
  readonly item_id: string;
  readonly item_variant?: string;
  readonly item_name?: string;
  readonly item_category?: string;
  readonly price: number;
  readonly quantity: number;
}

interface CartChange {
  readonly rev: number;
  readonly id: string;
  /** +1 adds the lines, -1 removes them. */
  readonly sign: 1 | -1;
  readonly lines: readonly CartLine[];
}

const MAX_PENDING = 50;
const MAX_LINES = 200;

export const emptyLedger: CartLedger = { base: { rev: -1, id: '', lines: [] }, pending: [] };

type Reported = Pick<ShopperEvent, 'id'> & { rev: number };

/** What an event says about the cart: all of it, a change to it, or nothing. */
export type CartReport =
  | { readonly says: 'all'; readonly lines: readonly CartLine[] }
  | { readonly says: 'change'; readonly sign: 1 | -1; readonly lines: readonly CartLine[] }
  | { readonly says: 'nothing' };

export function reportOf(event: ShopperEvent): CartReport {
  if (event.name === 'purchase') return { says: 'all', lines: [] };
  if (event.cart) return { says: 'all', lines: linesOf(event.cart) };
  switch (event.name) {
    case 'add_to_cart':
      return { says: 'change', sign: 1, lines: linesOf(event.params) };
    case 'remove_from_cart':
      return { says: 'change', sign: -1, lines: linesOf(event.params) };
    case 'view_cart':
      // Many shops leave the items out; then only a value of 0 says that the cart is empty.
      if (event.params.items.length === 0 && event.params.value !== 0) return { says: 'nothing' };
      return { says: 'all', lines: linesOf(event.params) };
    default:
      return { says: 'nothing' };
  }
}

/** The ledger with one more report; the same ledger where the report changes nothing. */
export function reconcile(ledger: CartLedger, at: Reported, report: CartReport): CartLedger {
  if (report.says === 'nothing' || isBefore(at, ledger.base)) return ledger;
  if (report.says === 'all') {
    const base = { rev: at.rev, id: at.id, lines: report.lines };
    return { base, pending: ledger.pending.filter((change) => isBefore(at, change)) };
  }
  if (ledger.pending.some((change) => change.id === at.id)) return ledger;
  const change = { rev: at.rev, id: at.id, sign: report.sign, lines: report.lines };
  return compact({ base: ledger.base, pending: insert(ledger.pending, change) });
}

/** The place after all that is known: for a report that has none of its own. No page's event id sorts after a "~". */
export function placeAfter({ base, pending }: CartLedger, rev: number): Reported {
  const last = pending.at(-1) ?? base;
  const isNext = last.rev === rev && last.id.startsWith('~');
  const count = isNext ? Number(last.id.slice(1)) + 1 : 0;
  return { rev, id: `~${String(count).padStart(9, '0')}` };
}

/** Those of two carts together, each as often as the fuller one has it. */
export function joinedLines(one: readonly CartLine[], other: readonly CartLine[]): readonly CartLine[] {
  const lines = new Map(one.map((line) => [keyOf(line), line]));
  for (const line of other) {
    const known = lines.get(keyOf(line));
    if (!known || known.quantity < line.quantity) lines.set(keyOf(line), line);
  }
  return [...lines.values()].slice(0, MAX_LINES);
}

/** The lines as they stand: the base with the pending changes applied in order. */
export function linesIn(ledger: CartLedger): readonly CartLine[] {
  if (ledger.pending.length === 0) return ledger.base.lines;
  const lines = new Map(ledger.base.lines.map((line) => [keyOf(line), line]));
  for (const change of ledger.pending) apply(lines, change);
  return [...lines.values()];
}

function apply(lines: Map<string, CartLine>, change: CartChange): void {
  for (const line of change.lines) {
    const key = keyOf(line);
    const known = lines.get(key);
    const quantity = (known?.quantity ?? 0) + change.sign * line.quantity;
    if (quantity <= 0) lines.delete(key);
    else if (known || lines.size < MAX_LINES)
      lines.set(key, { ...known, ...line, price: line.price || known?.price || 0, quantity });
  }
}

function insert(changes: readonly CartChange[], change: CartChange): readonly CartChange[] {
  const later = changes.findIndex((other) => isBefore(change, other));
  return later < 0 ? [...changes, change] : changes.toSpliced(later, 0, change);
}

function compact(ledger: CartLedger): CartLedger {
  const [oldest] = ledger.pending;
  if (ledger.pending.length <= MAX_PENDING || !oldest) return ledger;
  const lines = linesIn({ base: ledger.base, pending: [oldest] });
  return { base: { rev: oldest.rev, id: oldest.id, lines }, pending: ledger.pending.slice(1) };
}

/** Whether `a` comes before `b` in the shopper's own order, or is the same report. */
function isBefore(a: Reported, b: { readonly rev: number; readonly id: string }): boolean {
  return a.rev < b.rev || (a.rev === b.rev && a.id <= b.id);
}

function keyOf(line: CartLine): string {
  return line.item_variant === undefined ? line.item_id : `${line.item_id}\n${line.item_variant}`;
}

function linesOf(source: CartSnapshot | { items: Item[] }): readonly CartLine[] {
  const lines = new Map<string, CartLine>();
  for (const item of source.items) {
    const line = lineOf(item);
    const key = keyOf(line);
    const known = lines.get(key);
    lines.set(key, known ? { ...known, quantity: known.quantity + line.quantity } : line);
  }
  return [...lines.values()];
}

function lineOf(item: Item): CartLine {
  const { item_id, item_variant, item_name, item_category, price = 0, quantity = 1 } = item;
  return {
    item_id,
    ...(item_variant === undefined ? {} : { item_variant }),
    ...(item_name === undefined ? {} : { item_name }),
    ...(item_category === undefined ? {} : { item_category }),
    price,
    quantity,
  };
}
