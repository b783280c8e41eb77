import type { SeenEvent } from '../event-queue.ts';
import { senseMarkedElements } from './data-attributes.ts';
import { senseEngagement } from './engagement.ts';
import { senseExitIntent } from './exit-intent.ts';
import { senseProductView } from './product-view.ts';
import { senseWebVitals } from './web-vitals.ts';
import { whenLoaded } from './when-loaded.ts';

/** Something that a page shows of its shop's doing, in GA4's words. */
export type Tell = (name: string, params: object) => void;

export interface PageSensesParts {
  readonly tell: Tell;
  /** What no shop says by itself. */
  readonly report: (seen: SeenEvent) => void;
  /** Whether the page has told of such an event. */
  readonly isTold: (name: string) => boolean;
  readonly hasCart: () => boolean;
}

/** Everything that is seen of a page beside what the shop says. Begun when the first things are done. */
export function sensePage({ tell, report, isTold, hasCart }: PageSensesParts): () => void {
  const leaving = () => report({ name: 'exit_intent', params: {} });
  const stops = [
    senseMarkedElements(tell),
    senseProductView(tell, () => isTold('view_item')),
    senseExitIntent(leaving),
    whereTouched(leaving, hasCart),
    senseEngagement((name, params) => report({ name, params })),
    senseWebVitals((params) => {
      if (!isTold('web_vitals')) report({ name: 'web_vitals', params });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Others need not load it. */
function whereTouched(report: () => void, hasCart: () => boolean): () => void {
  let stop = (): void => undefined;
  if (matchMedia('(pointer: coarse)').matches)
    whenLoaded(import('./touch-exit.ts'), (part) => (stop = part.senseTouchExit(report, hasCart)));
  return () => stop();
}
