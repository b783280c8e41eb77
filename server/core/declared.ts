import { type Declared, Scalar } from '../../shared/custom-event.ts';
import { didYouMean } from '../../shared/did-you-mean.ts';
import { type Fault, MOST_FAULTS } from '../../shared/errors.ts';
import type { ShopperEvent } from '../../shared/event.ts';
import { EVENT_NAMES } from '../../shared/event-names.ts';
import type { Vocabulary } from './vocabulary.ts';

type Values = Readonly<Record<string, unknown>>;

/** What remains of an event once everything is left out that its site has not declared, or what is wrong with it. */
export function asDeclared(
  event: ShopperEvent,
  { events }: Vocabulary,
  path: string,
): { event: ShopperEvent } | { faults: Fault[] } {
  if (event.name !== 'custom_event') return { event };
  const declared = events.get(event.event);
  if (!declared)
    return { faults: [{ path: `${path}.name`, message: unknownEvent(event.event, [...events.keys()]) }] };
  const faults = typeFaults(event.params, declared, `${path}.params`);
  return faults.length > 0
    ? { faults }
    : { event: { ...event, params: onlyDeclared(event.params, declared) } };
}

/** Traits are given by the site's own server: a name that is not declared is a mistake that it should hear of. */
export function traitFaults(traits: Values, declared: Declared, path: string): Fault[] {
  const names = Object.keys(declared);
  const unknown = Object.keys(traits)
    .filter((name) => !names.includes(name))
    .slice(0, MOST_FAULTS)
    .map((name) => ({
      path: `${path}.${name}`,
      message: `The site declares no trait "${name}".${didYouMean(name, names)}`,
    }));
  return [...unknown, ...typeFaults(traits, declared, path)];
}

function typeFaults(values: Values, declared: Declared, path: string): Fault[] {
  return Object.entries(declared).flatMap(([name, type]) => {
    const value = Object.hasOwn(values, name) ? values[name] : null;
    if (value === null || value === undefined) return [];
    // What has a length of its own, and is no text, zod can't judge.
    const { success, error } = Scalar.safeParse(typeof value === 'object' ? null : value);
    if (success && typeof value === type) return [];
    const message = error?.issues[0]?.message ?? `The site declares this as a ${type}.`;
    return [{ path: `${path}.${name}`, message }];
  });
}

function onlyDeclared(values: Values, declared: Declared): Record<string, unknown> {
  const isKept = ([name, value]: [string, unknown]) => Object.hasOwn(declared, name) && value !== null;
  return Object.fromEntries(Object.entries(values).filter(isKept));
}

function unknownEvent(name: string, own: readonly string[]): string {
  const hint = didYouMean(name, [...EVENT_NAMES, ...own]);
  return `Unknown event "${name}".${hint} Use GA4's e-commerce names, such as "add_to_cart", or declare it in the site's "events".`;
}
