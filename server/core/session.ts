import type { ShopperEvent } from '../../shared/event.ts';
import type { Page } from '../../shared/page-messages.ts';
import type { Session, Shopper } from './shopper.ts';
import { draft, type Turn } from './turn.ts';

/** A visit ends when the shopper has done nothing for so long (GA4's session timeout). */
export const VISIT_GAP_MS = 30 * 60_000;

export function beginsVisit({ visit, activeAt }: Shopper, now: number): boolean {
  return visit.number === 0 || now - activeAt > VISIT_GAP_MS;
}

/** A page was opened. The first one of a visit says where the shopper landed, and where they came from. */
export function notePage(turn: Turn, page: Page, from?: string): void {
  const { given, now } = turn;
  const arrived = beginsVisit(given, now) ? landingOn(page, now) : movedTo(given.session, page);
  const session = from === undefined ? arrived : { ...arrived, from };
  const locale = page.locale ?? given.locale;
  const timeZone = page.timeZone ?? given.timeZone;
  const isSame = locale === given.locale && timeZone === given.timeZone && isEqual(session, given.session);
  if (isSame) return;
  const shopper = draft(turn);
  shopper.locale = locale;
  shopper.timeZone = timeZone;
  shopper.session = session;
}

/** The session after something the shopper did on a page. */
export function sessionAfter(
  session: Session,
  event: ShopperEvent,
  isNewVisit: boolean,
  now: number,
): Session {
  const path = event.name === 'page_view' ? pathOf(event.params.page_location) : undefined;
  const moved =
    path === undefined || path === session.page ? engaged(session, event) : { ...session, page: path };
  // A page left open for longer than a visit lasts: where its shopper came from was told for the visit before.
  if (!isNewVisit || now - session.at <= VISIT_GAP_MS) return moved;
  const { from } = moved;
  const landed = landingOn({ device: moved.device, bot: moved.bot, path: moved.page }, now);
  return from === undefined ? landed : { ...landed, from };
}

function engaged(session: Session, event: ShopperEvent): Session {
  if (event.name !== 'user_engagement') return session;
  const { engagement_time_msec: passedMs = 0 } = event.params;
  return { ...session, engagedMs: (session.engagedMs ?? 0) + passedMs };
}

function landingOn(page: { readonly [Key in keyof Page]?: Page[Key] | undefined }, at: number): Session {
  const { device, bot, path, referrer, utm } = page;
  return {
    at,
    ...(device === undefined ? {} : { device }),
    ...(bot === undefined ? {} : { bot }),
    ...(path === undefined ? {} : { page: path, landing: path }),
    ...(referrer === undefined ? {} : { referrer }),
    ...(utm === undefined ? {} : { utm }),
  };
}

function movedTo(session: Session, { device, bot, path }: Page): Session {
  return {
    ...session,
    ...(device === undefined ? {} : { device }),
    ...(bot === undefined ? {} : { bot }),
    ...(path === undefined ? {} : { page: path }),
  };
}

function isEqual(a: Session, b: Session): boolean {
  return a.at === b.at && a.page === b.page && a.device === b.device && a.bot === b.bot && a.from === b.from;
}

/** `https://shop.example/products/mug` and `/products/mug` are the same page. */
function pathOf(location: string | undefined): string | undefined {
  return location?.replace(/^https?:\/\/[^/]*/, '') || undefined;
}
