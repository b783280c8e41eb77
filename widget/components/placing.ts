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
  /** What is kept clear around it, and what it stands on at the bottom. */
  readonly marginPx: number;
  readonly bottomPx: number;
  readonly isRightToLeft: boolean;
  readonly own: Element;
  /** It has waited for long: links and controls that a shopper can scroll to may be covered. */
  readonly isUrgent: boolean;
}

/** As often it gives way to something at the edge before it looks elsewhere, */
const MOST_STEPS = 3;
/** and no further than this part of the window: in its middle it would be in the way of the shop itself. */
const MOST_OF_WINDOW = 0.4;

/** A place where nothing of the shop's own is covered; null: there is none now. */
export function findPlace(given: Given): Placed | null {
  let best: Spot | null = null;
  for (const place of given.places) {
    const spot = besideFixed(given, place);
    if (spot?.movable === 0) return spot;
    if (spot && (best === null || spot.movable < best.movable)) best = spot;
  }
  return given.isUrgent ? best : null;
}

interface Spot extends Placed {
  readonly movable: number;
}

/** At that edge, away from it as far as what stays in view there makes necessary. */
function besideFixed(given: Given, place: Place): Spot | null {
  const isTop = place.startsWith('top');
  let offsetPx = isTop ? 0 : given.bottomPx;
  for (let step = 0; step < MOST_STEPS && offsetPx <= innerHeight * MOST_OF_WINDOW; step++) {
    const { fixed, movable } = obstaclesIn(rectAt(given, place, offsetPx), given.own);
    if (fixed.length === 0) return { place, offsetPx, movable };
    const needed = fixed.map(({ top, height }) => (isTop ? top + height : innerHeight - top));
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
