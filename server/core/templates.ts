import type { Fault } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/did-you-mean.ts';

/** What a text may name in `{{…}}`, already worded for one shopper. */
export interface TemplateValues {
  readonly 'cart.value': string;
  readonly 'cart.quantity': string;
  readonly 'offer.percentOff': string;
  readonly 'offer.code': string;
}

const VARIABLES: readonly string[] = ['cart.value', 'cart.quantity', 'offer.percentOff', 'offer.code'];
const SLOT = /\{\{([^{}]*)\}\}/g;

/** Fills `{{name}}` slots. No logic, no loops, no lookups beyond the given values, made only for a text that has slots. */
export function fillTemplate(text: string, makeValues: () => Partial<TemplateValues>): string {
  if (!text.includes('{{')) return text;
  const values = makeValues();
  return text.replace(SLOT, (_, slot: string) => {
    const name = slot.trim();
    return Object.hasOwn(values, name) ? (values[name as keyof TemplateValues] ?? '') : '';
  });
}

/** Slots that nothing would fill. */
export function templateFaults(text: string, hasOffer: boolean, path: string): Fault[] {
  return [...text.matchAll(SLOT)].flatMap(([, slot = '']) => {
    const name = slot.trim();
    if (name.startsWith('offer.') && !hasOffer)
      return [{ path, message: `{{${name}}} needs an offer, and this rule has none.` }];
    if (VARIABLES.includes(name)) return [];
    return [{ path, message: `Unknown variable {{${name.slice(0, 60)}}}.${didYouMean(name, VARIABLES)}` }];
  });
}
