import { type ConsentParams, type Purpose, PURPOSES, type Word } from '../../shared/consent.ts';
import type { Input } from './inputs.ts';
import type { SaidAt, Shopper } from './shopper.ts';
import type { Site } from './site.ts';

/** The last word on a purpose, and the proof of it. */
export interface Consent {
  readonly word: Word;
  /** When the hub heard it. */
  readonly at: number;
  readonly by: 'page' | 'server';
  readonly said: SaidAt;
  /** Which text they were shown, and by what they answered: as the shop tells. */
  readonly text?: string;
  readonly how?: string;
}

export type Consents = Readonly<Partial<Record<Purpose, Consent>>>;

/** Denied is always kept to; `isRequired`: nothing said is no consent, either. */
export function allows({ consents }: Shopper, purpose: Purpose, isRequired: boolean): boolean {
  const word = consents[purpose]?.word;
  return word === undefined ? !isRequired : word === 'granted';
}

/** Whether what a page tells may be kept. A word on consent itself is: it is the proof. */
export function mayKeep(shopper: Shopper, input: Input, site: Site): boolean {
  const isOfPage = input.kind === 'page' || (input.kind === 'event' && input.source === 'page');
  if (!isOfPage || (input.kind === 'event' && input.event.name === 'consent_update')) return true;
  return allows(shopper, 'analytics', site.needsConsentToKeep);
}

/** With what was said now. A page's word may come late, from the queue of a tab that was closed: what was said after it stands. */
export function consentsAfter(
  before: Consents,
  params: ConsentParams,
  { at, by, said }: Pick<Consent, 'at' | 'by' | 'said'>,
): Consents {
  const proof = {
    ...(params.text === undefined ? {} : { text: params.text }),
    ...(params.how === undefined ? {} : { how: params.how }),
  };
  const news = PURPOSES.flatMap((purpose) => {
    const word = params[purpose];
    if (word === undefined || !isLater(said, before[purpose]?.said ?? null, by)) return [];
    return [[purpose, { word, at, by, said, ...proof }] as const];
  });
  return news.length === 0 ? before : { ...before, ...Object.fromEntries(news) };
}

/** Whether it was said after `before`, in the shopper's own order. What a server says comes after all that is known. */
export function isLater(said: SaidAt, before: SaidAt | null, by: 'page' | 'server'): boolean {
  if (by === 'server' || before === null) return true;
  return said.rev > before.rev || (said.rev === before.rev && said.id > before.id);
}

/** Of two who turn out to be one: what was said last holds; at one time the word that allows less. */
export function mergedConsents(own: Consents, other: Consents): Consents {
  const taken = PURPOSES.flatMap((purpose) => {
    const [ours, theirs] = [own[purpose], other[purpose]];
    if (!theirs) return [];
    const isTaken = !ours || theirs.at > ours.at || (theirs.at === ours.at && theirs.word === 'denied');
    return isTaken ? [[purpose, theirs] as const] : [];
  });
  return { ...own, ...Object.fromEntries(taken) };
}
