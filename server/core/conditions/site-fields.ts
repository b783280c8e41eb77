import type { Declared, ScalarType } from '../../../shared/custom-event.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { Facts } from './facts.ts';
import type { Field, Fields } from './field.ts';
import { FIELDS } from './fields.ts';

/** What a rule on `trigger` may ask: what all sites have, the site's own, and the parameters of its own event. */
export function fieldsOfRules({ events, traits, segments }: Vocabulary, trigger: string): Fields<Facts> {
  return {
    ...FIELDS,
    ...traitFields(traits),
    ...declaredFields('event.params', events.get(trigger) ?? {}, ({ event }, name) =>
      event?.name === 'custom_event' ? event.params[name] : undefined,
    ),
    'shopper.segments': { type: 'list', values: segments, read: ({ shopper }) => shopper.segments },
  };
}

/** What a segment may ask: it is about the shopper, at any moment, not about one event, an item or the time of the day. */
export function fieldsOfSegments({ traits }: Vocabulary): Fields<Facts> {
  const lasting = Object.entries(FIELDS).filter(([path]) => !/^(event|time|change)\./.test(path));
  return { ...Object.fromEntries(lasting), ...traitFields(traits) };
}

function traitFields(traits: Declared): Fields<Facts> {
  return declaredFields('shopper.traits', traits, ({ shopper }, name) => shopper.traits[name]);
}

function declaredFields(
  path: string,
  declared: Declared,
  read: (facts: Facts, name: string) => unknown,
): Fields<Facts> {
  const entries = Object.entries(declared).map(([name, type]) => [
    `${path}.${name}`,
    fieldOf(type, (facts) => read(facts, name)),
  ]);
  return Object.fromEntries(entries) as Fields<Facts>;
}

/** A value of another type than is declared now was said under an older declaration: it counts as absent. */
function fieldOf(type: ScalarType, read: (facts: Facts) => unknown): Field<Facts> {
  const typed = (facts: Facts): never | undefined => {
    const value = read(facts);
    return (typeof value === type ? value : undefined) as never;
  };
  return { type, read: typed };
}
