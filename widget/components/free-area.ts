/** What stands in the way of something that is to appear over the page. */
export interface Obstacles {
  /** What stays in view when the page scrolls, such as a cookie banner or a bar to buy by; and a field that is being filled in. */
  readonly fixed: readonly Rect[];
  /** How many links and controls a shopper would have to scroll to. */
  readonly movable: number;
}

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Between points that are looked at: no larger than anything that is meant to be pressed (WCAG 2.2, 2.5.8). */
const STEP_PX = 24;
const FIELD = 'input, select, textarea, [contenteditable]:not([contenteditable=false])';
const CONTROL = `a[href], button, summary, iframe, [role=button], ${FIELD}`;

/** Looks at what a shopper would press there. `own`: whose parts are no obstacle. */
export function obstaclesIn(rect: Rect, own: Element): Obstacles {
  const fixed = new Set<Element>();
  const movable = new Set<Element>();
  const known = new Map<Element, Element | null>();
  for (const [x, y] of pointsIn(rect)) {
    const top = document.elementFromPoint(x, y);
    if (!top || top === own) continue;
    const stays = stayingPart(top, known);
    const control = top.closest(CONTROL);
    if (stays) fixed.add(stays);
    else if (control) movable.add(control);
  }
  const field = document.activeElement?.closest(FIELD);
  if (field && overlap(rect, field.getBoundingClientRect())) fixed.add(field);
  return { fixed: [...fixed].map((element) => element.getBoundingClientRect()), movable: movable.size };
}

function* pointsIn({ left, top, width, height }: Rect): Generator<readonly [x: number, y: number]> {
  const columns = Math.max(1, Math.ceil(width / STEP_PX));
  const rows = Math.max(1, Math.ceil(height / STEP_PX));
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++)
      yield [left + (width * column) / columns, top + (height * row) / rows];
}

/** The element itself or the one around it that stays in view; null where it scrolls with the page. */
function stayingPart(element: Element, known: Map<Element, Element | null>): Element | null {
  const before = known.get(element);
  if (before !== undefined) return before;
  const { position } = getComputedStyle(element);
  const stays = position === 'fixed' || (position === 'sticky' && isStuck(element));
  const parent = element.parentElement;
  const part = stays ? element : parent && stayingPart(parent, known);
  known.set(element, part);
  return part;
}

/** A sticky header that has not reached its edge yet scrolls along. */
function isStuck(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top <= 1 || bottom >= innerHeight - 1;
}

function overlap(a: Rect, b: Rect): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}
