import { obstaclesIn, type Rect } from './free-area.ts';

/** Where something may appear, the best place first. */
export const CARD_PLACES = ['bottom-end', 'bottom-start', 'top-end', 'top-start'] as const;
export const BAR_PLACES = ['bottom', 'top'] as const;
export type Place = (typeof CARD_PLACES)[number] | (typeof BAR_PLACES)[number];

export interface Placed {
  readonly place: Place;
  /** How far from that edge, so that what the shop has there stays in reach. */
  readonly offsetPx: number;
}

interface Given {
  readonly places: readonly Place[];
  readonly size: { readonly width: number; readonly height: number };
  /** What is kept clear around it. */
  readonly marginPx: number;
  readonly isRightToLeft: boolean;
  readonly own: Element;
  /** It has waited for long: links and controls that a shopper can scroll to may be covered. */
  readonly isUrgent: boolean;
}

/** As often it gives way to something at the edge before it looks elsewhere, */
const MOST_STEPS = 4;
/** and no further than this part of the window: in its middle it would be in the way of the shop itself. */
const MOST_OF_WINDOW = 0.4;

/** A place where nothing of the shop's own is covered; null: there is none now. */
export function findPlace(given: Given): Placed | null {
  const free = leastCovering(given, false, 0);
  if (free || !given.isUrgent) return free;
  // What is at the end of the page is given way to like what stays in view.
  return leastCovering(given, true, Number.POSITIVE_INFINITY);
}

function leastCovering(given: Given, isEndFixed: boolean, most: number): Spot | null {
  let best: Spot | null = null;
  for (const place of given.places) {
    const spot = besideFixed(given, place, isEndFixed);
    if (spot && spot.covered <= most && (best === null || spot.covered < best.covered)) best = spot;
    if (best?.covered === 0) break;
  }
  return best;
}

/** What is up may come to cover what the shop shows later. */
export function isInTheWay(rect: Rect, own: Element): boolean {
  const { fixed, atEnd } = obstaclesIn(rect, own);
  return fixed.length + atEnd.length > 0;
}

interface Spot extends Placed {
  readonly covered: number;
}

/** At that edge, away from it as far as what stays in view there makes necessary. */
function besideFixed(given: Given, place: Place, isEndFixed: boolean): Spot | null {
  const isTop = place.startsWith('top');
  let offsetPx = 0;
  for (let step = 0; step < MOST_STEPS && offsetPx <= innerHeight * MOST_OF_WINDOW; step++) {
    const { fixed, atEnd, movable } = obstaclesIn(rectAt(given, place, offsetPx), given.own);
    const inTheWay = isEndFixed ? [...fixed, ...atEnd] : fixed;
    if (inTheWay.length === 0) return { place, offsetPx, covered: movable + (isEndFixed ? 0 : atEnd.length) };
    const needed = inTheWay.map(({ top, height }) => (isTop ? top + height : innerHeight - top));
    offsetPx = Math.max(offsetPx + 1, ...needed);
  }
  return null;
}

function rectAt({ size, marginPx, isRightToLeft }: Given, place: Place, offsetPx: number): Rect {
  const { width, height } = size;
  const isAtLeft = place.endsWith('-end') === isRightToLeft;
  const left = place.includes('-') ? (isAtLeft ? marginPx : innerWidth - marginPx - width) : 0;
  const top = place.startsWith('top') ? offsetPx + marginPx : innerHeight - offsetPx - marginPx - height;
  return { left, top, width, height };
}
