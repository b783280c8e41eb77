import { z } from 'zod';
import { ruleFaults } from '../core/rule-faults.ts';
import { vocabularyOf } from '../core/vocabulary.ts';
import { StartError } from '../config.ts';
import type { Fault } from '../../shared/errors.ts';
import { Rule } from '../../shared/rule.ts';
import { SiteFile } from '../../shared/site.ts';
import type { StoredSite } from '../store/store.ts';
import { readCatalogue, StoredCatalogue } from './catalogue.ts';
import { faultsOf } from './parse.ts';
import { keysOfOldDocument, StoredKeys } from './site-keys.ts';

/** A site as it is stored: the owner's file, products apart, with no secret key in it. */
const StoredDefinition = SiteFile.omit({
  products: true,
  publishableKey: true,
  secretKey: true,
  identityKey: true,
  rules: true,
}).extend({
  ...StoredKeys.partial().shape,
  /** In documents of hubs that knew one key of each kind. */
  publishableKey: z.string().optional(),
  secretKeyHash: z.string().optional(),
  rules: z.array(z.unknown()),
});
type StoredDefinition = z.infer<typeof StoredDefinition>;

/** The same with its rules read. */
export interface KnownDefinition
  extends
    Omit<StoredDefinition, 'rules' | 'publishableKey' | 'secretKeyHash' | keyof StoredKeys>,
    StoredKeys {
  readonly rules: Rule[];
  /** Rules that another version of the hub stored and this one can't read: kept as they are, for one that can. */
  readonly unreadRules: readonly unknown[];
}

/** A stored rule that won't fire, and the first thing that is wrong with it. */
export interface IdleRule {
  readonly id: string | undefined;
  readonly fault: Fault | undefined;
}

/** A site from the store. Throws a `StartError` when more than its rules can't be read. */
export function readStoredSite(row: StoredSite) {
  const { rules: stored, ...given } = read(row, 'definition', StoredDefinition);
  const rest = withKeysRead(given);
  const vocabulary = vocabularyOf(rest);
  const catalogue = readCatalogue(read(row, 'products', StoredCatalogue));
  const rules: Rule[] = [];
  const unreadRules: unknown[] = [];
  const idle: IdleRule[] = [];
  for (const rule of stored) {
    const result = Rule.safeParse(rule);
    if (result.success) rules.push(result.data);
    else unreadRules.push(rule);
    const faults = result.success ? ruleFaults(result.data, vocabulary) : faultsOf(result.error);
    if (!result.success || faults.length > 0) idle.push({ id: idOf(rule), fault: faults[0] });
  }
  return { definition: { ...rest, rules, unreadRules }, catalogue, idle };
}

/** The other way round: what is stored of a site, as JSON. */
export function definitionToStore({ rules, unreadRules, ...rest }: KnownDefinition): string {
  return JSON.stringify({ ...rest, rules: [...rules, ...unreadRules] });
}

function withKeysRead<T extends Omit<StoredDefinition, 'rules'>>(given: T) {
  const { keys, goneKeys, publishableKey, secretKeyHash, ...rest } = given;
  const own = { keys: keys ?? [], goneKeys: goneKeys ?? [] };
  if (publishableKey === undefined || secretKeyHash === undefined) return { ...rest, ...own };
  return { ...rest, ...keysOfOldDocument(publishableKey, secretKeyHash) };
}

export function idOf(rule: unknown): string | undefined {
  const { id } = (typeof rule === 'object' && rule !== null ? rule : {}) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}

function read<T extends z.ZodType>(row: StoredSite, part: 'definition' | 'products', schema: T): z.infer<T> {
  const result = schema.safeParse(parseJson(row[part]));
  if (result.success) return result.data;
  const places = faultsOf(result.error).map(({ path, message }) => `${path || 'all of it'}: ${message}`);
  throw new StartError(`The ${part} of site "${row.id}" in DATA_DIR can’t be read. ${places.join('; ')}`);
}

/** Undefined fits no schema, so text that is not JSON ends up among the faults. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
