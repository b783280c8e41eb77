import { isTyping, LOOKED_FOR_MS } from './exit-intent.ts';

/** Who has not come down by a whole screen has read nothing yet that they could be leaving. */
const DEEP_SCREENS = 1;
/**
 * Half a screen up within a quarter of a second is a flick for the address bar or the way out: a finger that flicks
 * moves the page by most of a screen in that time, one that goes back to the last paragraph by a tenth.
 */
const FAR_SCREENS = 0.5;
const FAST_MS = 250;
/** Only what a finger has just set in motion: a link to the top of the page moves it as fast, and leads on. */
const BY_FINGER_MS = 1_000;
/** Away for less than this is a glance at the list of tabs, or a message waved off. */
const AWAY_MS = 2_000;

/**
 * On a touch screen leaving can only be guessed at: by a fast scroll up after some reading, or by having been away from
 * a page with a cart. Once per page, not in the first seconds, not while something is being typed. The history is left
 * alone: swiping back takes the shopper back.
 */
export function senseTouchExit(report: () => void, hasCart: () => boolean): () => void {
  const ending = new AbortController();
  const stop = () => ending.abort();
  const started = performance.now();
  const recent: { at: number; y: number }[] = [];
  let [deepest, touchedAt, leftAt] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

  const leaves = (now: number) => {
    if (isTyping() || now - started < LOOKED_FOR_MS) return;
    stop();
    report();
  };
  const onScroll = () => {
    const [at, y, screen] = [performance.now(), window.scrollY, window.innerHeight];
    deepest = Math.max(deepest, y);
    recent.push({ at, y });
    while (at - (recent[0]?.at ?? at) > FAST_MS) recent.shift();
    const climbed = Math.max(...recent.map((place) => place.y)) - y;
    const isFlick = climbed >= FAR_SCREENS * screen && at - touchedAt <= BY_FINGER_MS;
    if (isFlick && deepest >= DEEP_SCREENS * screen) leaves(at);
  };
  const onTouch = () => {
    touchedAt = performance.now();
  };
  const onVisibility = () => {
    const now = performance.now();
    if (document.visibilityState === 'hidden') leftAt = now;
    else if (now - leftAt >= AWAY_MS && hasCart()) leaves(now);
  };
  const how = { passive: true, signal: ending.signal };
  window.addEventListener('scroll', onScroll, how);
  window.addEventListener('touchmove', onTouch, how);
  document.addEventListener('visibilitychange', onVisibility, how);
  return stop;
}
