import { didYouMean } from '../../shared/did-you-mean.ts';
import type { Fault } from '../../shared/errors.ts';
import { moneyFormat, numberFormat, pluralRules } from './formats.ts';
import { type Need, NEEDED, type Variable } from './template-variables.ts';

/** How values are worded. */
export interface Wording {
  readonly locale: string;
  readonly currency: string;
  readonly variables: Readonly<Record<string, Variable>>;
}

const SLOT = /\{\{([^{}]*)\}\}/g;
const PLURALS = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** One slot: `cart.quantity; one: # item; other: # items`, or `cart.item; else: your cart`. */
interface Slot {
  readonly name: string;
  readonly forms: ReadonlyMap<string, string>;
}

/**
 * Fills `{{name}}` slots. No logic, no loops, no lookups beyond the known variables. A number may have forms for the plurals of its language (CLDR's names; `#` stands for the number), and anything
 * that may be absent has an `else`.
 */
export function fillTemplate(
  text: string,
  valueOf: (name: string) => string | number | undefined,
  wording: Wording,
  inPlace: (worded: string) => string = asItIs,
): string {
  if (!text.includes('{{')) return text;
  return text.replace(SLOT, (_, inner: string) => {
    const { name, forms } = readSlot(inner);
    const variable = Object.hasOwn(wording.variables, name) ? wording.variables[name] : undefined;
    const value = variable && valueOf(name);
    if (!variable || value === undefined) return forms.get('else') ?? '';
    const worded = inPlace(wordedAs(variable, value, wording));
    const form = typeof value === 'number' ? formFor(forms, value, wording.locale) : undefined;
    return form === undefined ? worded : form.replaceAll('#', worded);
  });
}

/** The same for a link: a value is one part of the address, whatever it is, and ends no part before it. */
export function fillLink(...[href, valueOf, wording]: Parameters<typeof fillTemplate>): string {
  return fillTemplate(href, valueOf, wording, asPartOfAddress);
}

function asItIs(worded: string): string {
  return worded;
}

/** Half of a character that takes two can't be encoded, and is no character. A quote may end an attribute elsewhere. */
function asPartOfAddress(worded: string): string {
  return encodeURIComponent(worded.replace(/\p{Cs}/gu, '\u{FFFD}')).replaceAll("'", '%27');
}

/** Slots that nothing would fill, or that would be filled wrongly. `has` are the needs that the rule meets. */
export function templateFaults(
  text: string,
  variables: Readonly<Record<string, Variable>>,
  has: ReadonlySet<Need>,
  path: string,
): Fault[] {
  return [...text.matchAll(SLOT)].flatMap(([, inner = '']) => {
    const message = slotFault(readSlot(inner), variables, has);
    return message === null ? [] : [{ path, message }];
  });
}

function slotFault(
  { name, forms }: Slot,
  variables: Readonly<Record<string, Variable>>,
  has: ReadonlySet<Need>,
): string | null {
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (!variable)
    return `Unknown variable {{${name.slice(0, 60)}}}.${didYouMean(name, Object.keys(variables))}`;
  if (variable.needs && !has.has(variable.needs)) return `{{${name}}} needs ${NEEDED[variable.needs]}.`;
  if (variable.mayLack && !forms.has('else')) return `{{${name}}} may be absent: write {{${name}; else: …}}.`;
  const unknown = [...forms.keys()].find((form) => form !== 'else' && !PLURALS.includes(form));
  if (unknown !== undefined)
    return `"${unknown.slice(0, 20)}" is no form. There is ${PLURALS.join(', ')} and else.`;
  const plurals = [...forms.keys()].filter((form) => form !== 'else');
  if (plurals.length === 0) return null;
  if (variable.kind !== 'number') return `{{${name}}} is no number, and has no plural.`;
  return plurals.includes('other') ? null : `{{${name}}} has plurals, and lacks "other".`;
}

function readSlot(inner: string): Slot {
  const [name = '', ...forms] = inner.split(';');
  const entries = forms.map((form): [string, string] => {
    const colon = form.indexOf(':');
    const label = form.slice(0, colon).trim();
    return colon < 0 || !/^\w+$/.test(label) ? [form.trim(), ''] : [label, form.slice(colon + 1).trim()];
  });
  return { name: name.trim(), forms: new Map(entries) };
}

function wordedAs({ kind }: Variable, value: string | number, { locale, currency }: Wording): string {
  if (typeof value === 'string') return value;
  return kind === 'money' ? moneyFormat(locale, currency).format(value) : numberFormat(locale).format(value);
}

function formFor(forms: ReadonlyMap<string, string>, value: number, locale: string): string | undefined {
  return forms.get(pluralRules(locale).select(value)) ?? forms.get('other');
}
