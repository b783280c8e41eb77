import type { Nudge } from '../../shared/nudge.ts';
import { define } from './define.ts';

/** What only some nudges have comes with the first one that has it. */
export async function loadPartsOf({ offer, items, progress }: Nudge): Promise<void> {
  await Promise.all([
    offer &&
      import('./offer-countdown.ts').then(({ OfferCountdown }) =>
        define('cartbell-countdown', OfferCountdown),
      ),
    items &&
      import('./recommendation-strip.ts').then(({ RecommendationStrip }) =>
        define('cartbell-strip', RecommendationStrip),
      ),
    progress &&
      import('./progress-meter.ts').then(({ ProgressMeter }) => define('cartbell-progress', ProgressMeter)),
  ]);
}
