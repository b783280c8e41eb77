import type { Nudge } from '../shared/nudge.ts';
import type { Report } from './components/cart-bell.ts';
import { defineInlineNote, type InlineNote } from './components/inline-note.ts';
import type { CardAct } from './components/nudge-element.ts';
import type { Words } from './locales/words.ts';

/** The first place of that name, if the page has one. */
export type Find = (name: string) => HTMLElement | null;

interface Filled {
  readonly nudge: Nudge;
  readonly slot: HTMLElement;
  readonly content: Node;
  /** What the shop had there. */
  readonly own: readonly ChildNode[];
}

/** What stands in the places that the shop has marked. What was there before comes back when a nudge has ended. */
export class FilledSlots {
  readonly #filled = new Map<string, Filled>();
  readonly #displayed = new Set<string>();

  /** `nudges`: one for each place at most. */
  show(nudges: readonly Nudge[], find: Find, words: Words, report: Report): void {
    for (const [name, filled] of this.#filled)
      if (!nudges.some((nudge) => nudge.slot === name && nudge.id === filled.nudge.id)) this.#restore(name);
    for (const nudge of nudges) {
      if (nudge.slot === undefined) continue;
      const tell = (what: 'displayed' | CardAct) => this.#tell(what, nudge, report);
      this.#fill(nudge.slot, nudge, find(nudge.slot), () => noteOf(nudge, words, tell));
    }
  }

  #fill(name: string, nudge: Nudge, slot: HTMLElement | null, fresh: () => Node): void {
    const before = this.#filled.get(name);
    // A shop that draws its page anew takes out what it did not put in.
    if (before?.content.parentNode === slot && slot !== null) return;
    this.#filled.delete(name);
    if (!slot) return;
    const content = fresh();
    this.#filled.set(name, { nudge, slot, content, own: [...slot.childNodes] });
    slot.replaceChildren(content);
  }

  /** In and out of view again, it was displayed once. */
  #tell(what: 'displayed' | CardAct, nudge: Nudge, report: Report): void {
    if (what === 'displayed' && this.#displayed.has(nudge.id)) return;
    if (what === 'displayed') this.#displayed.add(nudge.id);
    report(what, nudge);
  }

  #restore(name: string): void {
    const filled = this.#filled.get(name);
    this.#filled.delete(name);
    if (filled?.content.parentNode === filled?.slot) filled?.slot.replaceChildren(...filled.own);
  }
}

function noteOf(nudge: Nudge, words: Words, tell: (what: 'displayed' | CardAct) => void): Node {
  defineInlineNote();
  const note = document.createElement('cartbell-inline') as InlineNote;
  note.nudge = nudge;
  note.words = words;
  note.addEventListener('seen', () => tell('displayed'));
  note.addEventListener('act', (event) => tell((event as CustomEvent<CardAct>).detail));
  return note;
}
