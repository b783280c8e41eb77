import { asDeclared } from '../core/declared.ts';
import type { Input } from '../core/inputs.ts';
import type { Vocabulary } from '../core/vocabulary.ts';
import type { ShopperEvent } from '../../shared/event.ts';
import { refuse } from './hub-error.ts';

/** An event that travels for less than this is told as new. */
const MOMENT_MS = 1_000;

/** Events as their site knows them. Throws a `HubError` with the path of each that it has not declared so. */
export function declaredEvents(
  events: readonly ShopperEvent[],
  vocabulary: Vocabulary,
): readonly ShopperEvent[] {
  if (events.every(({ name }) => name !== 'custom_event')) return events;
  const read = events.map((event, index) => asDeclared(event, vocabulary, `events.${index}`));
  const errors = read.flatMap((result) => ('faults' in result ? result.faults : []));
  refuse(errors);
  return read.flatMap((result) => ('event' in result ? [result.event] : []));
}

/** What a page reports, as the core takes it. `sentAt` is by the same clock as the events' own times. */
export function pageInputs(
  events: readonly ShopperEvent[],
  { tab, sentAt }: { tab: string | null; sentAt?: number | undefined },
): Input[] {
  const [kind, source] = ['event', 'page'] as const;
  return events.map((given) => {
    // A page's event without a place in the shopper's order would pass for a server's; it gets the first place.
    const event = given.rev === undefined ? { ...given, rev: 0 } : given;
    const ageMs = sentAt === undefined ? 0 : sentAt - event.at;
    // Written out: this is done for every event, and spreading costs many times as much.
    if (ageMs > MOMENT_MS)
      return tab === null ? { kind, source, event, ageMs } : { kind, source, event, tab, ageMs };
    return tab === null ? { kind, source, event } : { kind, source, event, tab };
  });
}
