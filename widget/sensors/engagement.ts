import { whenLeft } from './when-left.ts';

/** Where GA4 counts a page as scrolled. */
const READ_PERCENT = 90;
/** Whoever passes through a page in less has not looked at it. */
const LEAST_MS = 1_000;

/** How far the page was read, once, and how long it was in sight, each time that it is left: in GA4's words. */
export function senseEngagement(tell: (name: string, params: object) => void): () => void {
  const ending = new AbortController();
  const how = { passive: true, signal: ending.signal };
  let inSightSince = performance.now();
  const onScroll = () => {
    const { scrollHeight } = document.documentElement;
    if (window.scrollY + window.innerHeight < (scrollHeight * READ_PERCENT) / 100) return;
    window.removeEventListener('scroll', onScroll);
    tell('scroll', { percent_scrolled: READ_PERCENT });
  };
  const onVisibility = () => {
    if (document.visibilityState === 'visible') inSightSince = performance.now();
  };
  window.addEventListener('scroll', onScroll, how);
  document.addEventListener('visibilitychange', onVisibility, how);
  whenLeft(ending.signal, () => {
    const passedMs = performance.now() - inSightSince;
    inSightSince = Number.POSITIVE_INFINITY;
    if (passedMs >= LEAST_MS) tell('user_engagement', { engagement_time_msec: Math.round(passedMs) });
  });
  if (document.visibilityState === 'hidden') inSightSince = Number.POSITIVE_INFINITY;
  return () => ending.abort();
}
