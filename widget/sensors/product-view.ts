import type { Tell } from './page-sensors.ts';
import { whenLoaded } from './when-loaded.ts';

const OWN_WORD_MS = 2_000;

/** A product page of a shop that reports no views by itself: its structured data says what is looked at. */
export function senseProductView(tell: Tell, isViewTold: () => boolean): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[type="application/ld+json"]')];
    if (scripts.length === 0 || isViewTold()) return;
    whenLoaded(import('./product-markup.ts'), ({ productIn }) => {
      const found = productIn(scripts.map(({ textContent }) => textContent));
      if (found && !isViewTold()) tell('view_item', found);
    });
  };
  const wait = () => {
    timer = setTimeout(look, OWN_WORD_MS);
  };
  if (document.readyState === 'complete') wait();
  else window.addEventListener('load', wait, { once: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('load', wait);
  };
}
