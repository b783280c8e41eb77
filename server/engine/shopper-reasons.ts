import type { Reason } from '../core/reasons.ts';
import { reasonInWords } from '../core/reason-words.ts';
import type { LogPlace, ShopperKey, Store } from '../store/store.ts';
import { nameOf } from '../core/inputs.ts';

/** One decision about a shopper: what brought it about, and for each rule what became of it. */
export interface Decided {
  readonly at: number;
  /** An event's name, `clock`, or what else happened. */
  readonly on: string;
  /** Of the site's rules. */
  readonly version: number;
  readonly reasons: readonly (Reason & { readonly words: string })[];
}

export interface ShopperReasons {
  /** Newest first. */
  readonly decisions: readonly Decided[];
  /** Whether the search ended before the last hundred were found or the shopper's first event was reached. */
  readonly isCutOff: boolean;
}

const MOST_DECISIONS = 100;
/** Stretches of the log that are looked through for one answer. */
const MOST_STRETCHES = 500;

/** The last hundred decisions in which a rule had its say. Read from the log: no second account of them is kept. */
export async function readReasons(store: Store, key: ShopperKey, locale: string): Promise<ShopperReasons> {
  const { document } = await store.load(key, []);
  if (!document) return { decisions: [], isCutOff: false };
  const decisions: Decided[] = [];
  let before: LogPlace | null = null;
  for (let stretch = 0; stretch < MOST_STRETCHES; stretch++) {
    const { records, next }: Awaited<ReturnType<Store['readLogOf']>> = await store.readLogOf(key, before);
    for (const { at, input, version, reasons = [] } of records) {
      if (reasons.length === 0) continue;
      const worded = reasons.map((reason) => Object.assign({ words: reasonInWords(reason, locale) }, reason));
      decisions.push({ at, on: nameOf(input), version, reasons: worded });
      if (decisions.length === MOST_DECISIONS) return { decisions, isCutOff: false };
    }
    const oldest = records.at(-1);
    if (next === null || (oldest && oldest.at <= document.createdAt)) return { decisions, isCutOff: false };
    before = next;
  }
  return { decisions, isCutOff: true };
}
