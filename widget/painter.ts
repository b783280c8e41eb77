import { loadPartsOf } from './components/card-parts.ts';
import { type CartBell, defineCartBell, type Report, tellShop } from './components/cart-bell.ts';
import type { FilledSlots } from './filled-slots.ts';
import type { HubClock } from './hub-clock.ts';
import { nudgeAt, type Session } from './session.ts';

interface Surroundings {
  readonly clock: HubClock;
  /** BCP 47. */
  readonly locale: string;
  readonly report: Report;
}

let slots: FilledSlots | null = null;

/** Makes the page show what the session says is painted, and nothing else. What few shoppers see is loaded when one does. */
export async function paint(
  host: HTMLElement,
  session: () => Session,
  { clock, locale, report }: Surroundings,
): Promise<void> {
  defineCartBell();
  const card = nudgeAt(session(), 'card');
  if (card) await loadPartsOf(card);
  if (nudgeAt(session(), 'bar')) (await import('./components/edge-bar.ts')).defineBar();
  if (inlineIn(session()).length > 0) slots ??= new (await import('./filled-slots.ts')).FilledSlots();
  // Loading takes a while: what is to be painted by now may be another one, or none.
  const now = session();
  const bell = host as CartBell;
  bell.clock = clock;
  bell.locale = locale;
  bell.report = report;
  bell.nudge = nudgeAt(now, 'card');
  bell.bar = nudgeAt(now, 'bar');
  slots?.show(inlineIn(now), (what, nudge) => {
    report(what, nudge);
    tellShop(bell, what, nudge);
  });
}

function inlineIn(session: Session) {
  return session.slots.map((name) => nudgeAt(session, `slot ${name}`)).filter((nudge) => nudge !== null);
}
