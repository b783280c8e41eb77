import { loadPartsOf } from './components/card-parts.ts';
import { type CartBell, defineCartBell, type Report } from './components/cart-bell.ts';
import type { Nudge } from '../shared/nudge.ts';
import type { Area } from '../shared/nudge-kinds.ts';
import type { FilledSlots, Find } from './filled-slots.ts';
import type { HubClock } from './hub-clock.ts';
import { loadWords } from './locales/choose-words.ts';
import type { Words } from './locales/words.ts';

/** What is to be on screen, by the time that it is asked. */
export interface Picture {
  at(area: Area): Nudge | null;
  /** What stands in marked places. */
  inline(): readonly Nudge[];
  readonly place: Find;
}

export interface Surroundings {
  readonly clock: HubClock;
  /** BCP 47. */
  readonly locale: string;
  readonly report: Report;
}

let slots: FilledSlots | null = null;

/** Makes the page show what is in the picture, and nothing else. What few shoppers see is loaded when one does. */
export async function paint(host: HTMLElement, picture: Picture, surroundings: Surroundings): Promise<void> {
  defineCartBell();
  const card = picture.at('card');
  if (card) await loadPartsOf(card);
  if (picture.at('bar')) (await import('./components/edge-bar.ts')).defineBar();
  if (picture.inline().length > 0) slots ??= new (await import('./filled-slots.ts')).FilledSlots();
  const words = await loadWords(surroundings.locale);
  // Loading takes a while: what is to be painted by now may be another one, or none.
  const bell = dressed(host, surroundings, words);
  bell.nudge = picture.at('card');
  bell.bar = picture.at('bar');
  slots?.show(picture.inline(), picture.place, words, (what, nudge) => bell.tell(what, nudge));
}

/** The element with all that it needs to show something on the shopper's wish. */
export async function dress(host: HTMLElement, surroundings: Surroundings): Promise<CartBell> {
  defineCartBell();
  return dressed(host, surroundings, await loadWords(surroundings.locale));
}

function dressed(host: HTMLElement, { clock, locale, report }: Surroundings, words: Words): CartBell {
  const bell = host as CartBell;
  bell.clock = clock;
  bell.locale = locale;
  bell.words = words;
  bell.report = report;
  bell.stamp++;
  return bell;
}
