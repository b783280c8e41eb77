import type { Shopper } from '../core/shopper.ts';
import { changeBetween, changed, type DocumentChange } from './document-change.ts';

/** How a document lies in Redis: one that is whole, and what changed since, commit by commit. */
export interface Layers {
  readonly wholeSize: number;
  readonly changes: number;
  readonly changesSize: number;
}

/** What a commit writes of a document. */
export interface Written {
  readonly text: string;
  readonly isWhole: boolean;
  /** How it lies there afterwards. */
  readonly layers: Layers;
}

/** Past so many a whole one is written again: whoever loads the shopper reads them all. */
const MOST_CHANGES = 32;

/** As a change where that is shorter; together the changes never grow larger than the whole. */
export function writtenAs(
  document: Shopper,
  before: { readonly document: Shopper; readonly layers: Layers } | null,
): Written {
  const change =
    before && before.layers.changes < MOST_CHANGES ? changeBetween(before.document, document) : null;
  if (!before || !change) return whole(document);
  const text = JSON.stringify(change);
  const { wholeSize, changes, changesSize } = before.layers;
  const layers = { wholeSize, changes: changes + 1, changesSize: changesSize + text.length };
  return layers.changesSize < wholeSize ? { text, isWhole: false, layers } : whole(document);
}

/** The other way round. `null`: there is none. */
export function readWritten(
  text: string | null,
  changes: readonly string[],
): { readonly document: Shopper; readonly layers: Layers } | null {
  if (text === null) return null;
  let document = JSON.parse(text) as object;
  for (const change of changes) document = changed(document, JSON.parse(change) as DocumentChange);
  const changesSize = changes.reduce((sum, { length }) => sum + length, 0);
  return {
    document: document as Shopper,
    layers: { wholeSize: text.length, changes: changes.length, changesSize },
  };
}

function whole(document: Shopper): Written {
  const text = JSON.stringify(document);
  return { text, isWhole: true, layers: { wholeSize: text.length, changes: 0, changesSize: 0 } };
}
