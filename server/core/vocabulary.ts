import type { Declared } from '../../shared/custom-event.ts';
import type { SiteFile } from '../../shared/site.ts';

/** What a site has declared beyond what every site knows. */
export interface Vocabulary {
  /** The parameters of each event of its own, by the event's name. */
  readonly events: ReadonlyMap<string, Declared>;
  readonly traits: Declared;
  readonly segments: readonly string[];
}

export function vocabularyOf({
  events,
  traits,
  segments,
}: Pick<SiteFile, 'events' | 'traits' | 'segments'>): Vocabulary {
  return {
    events: new Map(events.map(({ name, params }) => [name, params])),
    traits,
    segments: segments.map(({ id }) => id),
  };
}
