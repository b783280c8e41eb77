/** What stands in the way of something that is to appear over the page. */
export interface Obstacles {
  /** What stays in view when the page scrolls, such as a cookie banner or a bar to buy by; and a field that is being filled in. */
  readonly fixed: readonly Rect[];
  /** Links and controls in the page itself that stay there however far a shopper scrolls, as at its end. */
  readonly atEnd: readonly Rect[];
  /** How many a shopper would have to scroll to. */
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
/** What scrolls and is as high as this part of the window is the page, even where it does not move with the window. */
const PAGE_SHARE = 0.7;
const FIELD = 'input, select, textarea, [contenteditable]:not([contenteditable=false])';
const CONTROL = `a[href], button, summary, iframe, [role=button], ${FIELD}`;
const DIALOG = 'dialog, [role=dialog], [aria-modal=true]';

/** Looks at what a shopper would press there. `own`: whose parts are no obstacle. */
export function obstaclesIn(rect: Rect, own: Element): Obstacles {
  const fixed = new Set<Element>();
  const unknown: Rect[] = [];
  const controls = new Set<Element>();
  const known = new Map<Element, Element | null>();
  for (const [x, y] of pointsIn(rect)) {
    const top = reachedAt(x, y, own, document);
    if (!top) continue;
    const staying = stayingPart(top, known);
    const control = top.closest(CONTROL);
    if (staying) fixed.add(staying);
    else if (isElsewhere(top, x, y)) unknown.push({ left: x, top: y, width: 1, height: 1 });
    else if (control) controls.add(control);
  }
  const field = focusedIn(document)?.closest(FIELD);
  if (field && overlap(rect, boxOf(field))) fixed.add(field);
  const atEnd = [...controls].filter((control) => !scrollsOut(control, rect)).map(boxOf);
  return { fixed: [...[...fixed].map(boxOf), ...unknown], atEnd, movable: controls.size - atEnd.length };
}

function* pointsIn({ left, top, width, height }: Rect): Generator<readonly [x: number, y: number]> {
  const columns = Math.max(1, Math.ceil(width / STEP_PX));
  const rows = Math.max(1, Math.ceil(height / STEP_PX));
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++)
      yield [between(left, width, column / columns), between(top, height, row / rows)];
}

/** What only touches an edge is not under it. */
function between(start: number, length: number, share: number): number {
  return start + 1 + (length - 2) * share;
}

/** What a press there would reach if `own` were not there. Shops have shadow trees too, such as those of chats. */
function reachedAt(x: number, y: number, own: Element, tree: Document | ShadowRoot): Element | null {
  for (const element of layersAt(x, y, own, tree)) {
    if (own.contains(element) || element.getRootNode() !== tree) continue;
    const { shadowRoot } = element;
    const inside = shadowRoot && reachedAt(x, y, own, shadowRoot);
    if (inside) return inside;
    if (!shadowRoot?.contains(own)) return element;
  }
  return null;
}

/** All that is there only where `own` is on top: to find it costs twice as much. */
function layersAt(x: number, y: number, own: Element, tree: Document | ShadowRoot): Element[] {
  const top = tree.elementFromPoint(x, y);
  if (!top) return [];
  return own.contains(top) || top.shadowRoot?.contains(own) ? tree.elementsFromPoint(x, y) : [top];
}

/** The element itself or the one around it that stays in view; null where it scrolls with the page. */
function stayingPart(element: Element, known: Map<Element, Element | null>): Element | null {
  const before = known.get(element);
  if (before !== undefined) return before;
  const around = element.assignedSlot ?? element.parentElement ?? hostOf(element);
  const outer = around && stayingPart(around, known);
  // A layer over the whole window that lets presses through is not in the way; what is in it may be.
  const part = stays(element) ? element : outer === around && around && isSheer(around) ? element : outer;
  known.set(element, part);
  return part;
}

function stays(element: Element): boolean {
  if (element.localName === 'dialog') return true;
  const style = getComputedStyle(element);
  return style.position === 'fixed'
    ? !isPage(element, style)
    : style.position === 'sticky' && isStuck(element, style);
}

function isSheer(element: Element): boolean {
  return getComputedStyle(element).pointerEvents === 'none';
}

/** Whether a shopper can scroll it out from under there, above or below, and still see it. */
function scrollsOut(control: Element, { top, height }: Rect): boolean {
  const box = boxOf(control);
  const bottom = top + height;
  const { scrollTop, scrollHeight, clientHeight } = scrollerOf(control);
  return (
    (top >= box.height && scrollHeight - clientHeight - scrollTop >= box.bottom - top) ||
    (innerHeight - bottom >= box.height && scrollTop >= bottom - box.top)
  );
}

function scrollerOf(element: Element): Element {
  const around = element.parentElement;
  if (!around || around === document.body) return document.scrollingElement ?? document.documentElement;
  return isScrolled(around, getComputedStyle(around)) ? around : scrollerOf(around);
}

function isScrolled({ scrollHeight, clientHeight }: Element, { overflowY }: CSSStyleDeclaration): boolean {
  return scrollHeight > clientHeight && /auto|scroll/.test(overflowY);
}

/** Where the window does not scroll, a part that fills it does, and is no more in the way than a page is. */
function isPage(element: Element, style: CSSStyleDeclaration): boolean {
  return (
    element.clientHeight >= innerHeight * PAGE_SHARE &&
    isScrolled(element, style) &&
    !element.closest(DIALOG) &&
    !element.querySelector(DIALOG)
  );
}

/** A sticky header that has not reached its edge yet scrolls along. */
function isStuck(element: Element, style: CSSStyleDeclaration): boolean {
  const { top, bottom } = boxOf(element);
  const inset = (value: string) => (Number.parseFloat(value) || 0) + 1;
  return top <= inset(style.top) || bottom >= innerHeight - inset(style.bottom);
}

/** Of a shadow tree that is closed only its host is known, which is somewhere else when what is in it is fixed. */
function isElsewhere(element: Element, x: number, y: number): boolean {
  return (
    element.localName.includes('-') && !overlap({ left: x, top: y, width: 1, height: 1 }, boxOf(element))
  );
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

function focusedIn(tree: Document | ShadowRoot): Element | null {
  const focused = tree.activeElement;
  return focused?.shadowRoot ? focusedIn(focused.shadowRoot) : focused;
}

function boxOf(element: Element): DOMRect {
  return element.getBoundingClientRect();
}

function overlap(a: Rect, b: Rect): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}
