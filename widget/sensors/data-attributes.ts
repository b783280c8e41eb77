import type { Tell } from './page-sensors.ts';
import { whenLoaded } from './when-loaded.ts';

const MARKED = '[data-cartbell-event]';

/**
 * Hears clicks on, and sends of, whatever the shop has marked with `data-cartbell-event="add_to_cart"`. What reads the
 * mark is loaded where there is one.
 */
export function senseMarkedElements(tell: Tell): () => void {
  const ending = new AbortController();
  const load = () => import('./marked-item.ts');
  const hear = ({ target, type }: Event) => {
    const marked = target instanceof Element && target.closest<HTMLElement>(MARKED);
    if (!marked) return;
    // A form is meant as a whole: clicks into its fields are no event, and its button's own mark has had its turn.
    const isMeant = marked instanceof HTMLFormElement ? target === marked : type === 'click';
    if (!isMeant) return;
    const name = marked.dataset['cartbellEvent'] ?? '';
    whenLoaded(load(), ({ paramsOf }) => tell(name, paramsOf(marked)));
  };
  // Before the shop's own listeners, one of which may let the event go no further.
  const how = { capture: true, passive: true, signal: ending.signal };
  for (const type of ['click', 'submit']) document.addEventListener(type, hear, how);
  // A click may lead away from the page at once.
  if (document.querySelector(MARKED)) whenLoaded(load(), () => undefined);
  return () => ending.abort();
}
