import type { Vocabulary } from './vocabulary.ts';

/** `money` is shown in the site's currency, `number` as the language writes numbers and in its plurals, `text` as it is. */
export type VariableKind = 'money' | 'number' | 'text';

/** What a rule must have for the variable to be known. */
type Need = 'offer' | 'percentOff' | 'amountOff' | 'minimum' | 'points' | 'gift' | 'change' | 'threshold';

export interface Variable {
  readonly kind: VariableKind;
  readonly needs?: Need;
  /** It may be absent, so a text that names it says what stands in its place. */
  readonly mayLack?: true;
}

const COMMON: Readonly<Record<string, Variable>> = {
  'cart.value': { kind: 'money' },
  'cart.quantity': { kind: 'number' },
  'cart.item': { kind: 'text', mayLack: true },
  'offer.code': { kind: 'text', needs: 'offer' },
  'offer.percentOff': { kind: 'number', needs: 'percentOff' },
  'offer.amountOff': { kind: 'money', needs: 'amountOff' },
  'offer.minimum': { kind: 'money', needs: 'minimum' },
  'offer.points': { kind: 'number', needs: 'points' },
  'offer.gift': { kind: 'text', needs: 'gift' },
  'change.item': { kind: 'text', needs: 'change' },
  'change.price': { kind: 'money', needs: 'change' },
  'change.previousPrice': { kind: 'money', needs: 'change' },
  'change.stock': { kind: 'number', needs: 'change', mayLack: true },
  'threshold.value': { kind: 'money', needs: 'threshold' },
  'threshold.missing': { kind: 'money', needs: 'threshold' },
};

/** Every variable that a rule's texts may name, on a site with this vocabulary. */
export function variablesOf(
  { traits, events }: Vocabulary,
  trigger: string,
): Readonly<Record<string, Variable>> {
  return {
    ...COMMON,
    ...declared('shopper.traits', traits),
    ...declared('event.params', events.get(trigger) ?? {}),
  };
}

/** What a need is called where a rule lacks it. */
export const NEEDED: Readonly<Record<Need, string>> = {
  offer: 'an offer',
  percentOff: 'an offer of a percentage',
  amountOff: 'an offer of an amount',
  minimum: 'an offer with a minimum',
  points: 'an offer of points',
  gift: 'an offer of a gift',
  change: 'a rule on a change of price or stock',
  threshold: 'a rule on cart_threshold',
};
export type { Need };

function declared(path: string, names: Readonly<Record<string, string>>): Record<string, Variable> {
  const entries = Object.entries(names).map(([name, type]): [string, Variable] => [
    `${path}.${name}`,
    { kind: type === 'number' ? 'number' : 'text', mayLack: true },
  ]);
  return Object.fromEntries(entries);
}
