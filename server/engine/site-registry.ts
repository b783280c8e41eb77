import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { compileSite, type LiveSite, type Site } from '../core/site.ts';
import { ruleFaults } from '../core/rule-faults.ts';
import { siteFaults } from '../core/site-faults.ts';
import type { Vocabulary } from '../core/vocabulary.ts';
import type { Learned } from '../core/recommend.ts';
import type { Fault } from '../../shared/errors.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Product } from '../../shared/product.ts';
import { type Catalogue, catalogueToStore, emptyCatalogue, productsOf, withProducts } from './catalogue.ts';
import { MAX_RULES, type Rule } from '../../shared/rule.ts';
import type { Segment } from '../../shared/segment.ts';
import type { SiteFile } from '../../shared/site.ts';
import type { Store } from '../store/store.ts';
import { HubError } from './hub-error.ts';
import { definitionToStore, idOf, readStoredSite, type KnownDefinition } from './stored-site.ts';

interface Known {
  readonly definition: KnownDefinition;
  readonly catalogue: Catalogue;
  readonly site: Site;
  readonly importedFrom: string | null;
  readonly spentBudgets: Set<string>;
}

type Changeable = Pick<Known, 'definition' | 'catalogue' | 'importedFrom'>;

/** Which sites there are, what their owners last said, and the compiled form that decisions read. */
export class SiteRegistry {
  readonly #store: Store;
  readonly #learned: (site: SiteId) => Learned;
  readonly #sites = new Map<SiteId, Known>();
  /** Changes to one site happen one after the other, so that none is built on a version that is gone. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(store: Store, learned: (site: SiteId) => Learned) {
    this.#store = store;
    this.#learned = learned;
  }

  /** Rules that can't fire as they are stored are named in the log. Rejects with a `StartError` for worse faults. */
  static async open(store: Store, learned: (site: SiteId) => Learned, logger: Logger): Promise<SiteRegistry> {
    const registry = new SiteRegistry(store, learned);
    for (const row of await store.readSites()) {
      const { definition, catalogue, idle } = readStoredSite(row);
      for (const { id, fault } of idle)
        logger.warn({ site: row.id, rule: id, fault }, 'a stored rule no longer passes and is left out');
      registry.#remember({ definition, catalogue, version: row.version, importedFrom: row.importedFrom });
    }
    return registry;
  }

  get size(): number {
    return this.#sites.size;
  }

  byPublishableKey(key: string): { id: SiteId; origins: readonly string[]; inspect: boolean } | null {
    for (const { definition } of this.#sites.values()) {
      if (definition.publishableKey === key) {
        return { id: definition.id, origins: definition.origins, inspect: definition.settings.inspect };
      }
    }
    return null;
  }

  bySecretKey(key: string): SiteId | null {
    const hash = hashOf(key);
    for (const { definition } of this.#sites.values()) {
      if (timingSafeEqual(hash, Buffer.from(definition.secretKeyHash, 'hex'))) return definition.id;
    }
    return null;
  }

  isKnownOrigin(origin: string): boolean {
    return [...this.#sites.values()].some(({ definition }) => definition.origins.includes(origin));
  }

  /** What a decision for this site depends on, as of now. */
  live(id: SiteId): LiveSite {
    const known = this.#known(id);
    return { site: known.site, learned: this.#learned(id), spentBudgets: known.spentBudgets };
  }

  vocabulary(id: SiteId): Vocabulary {
    return this.#known(id).site.vocabulary;
  }

  rules(id: SiteId): readonly Rule[] {
    return this.#known(id).definition.rules;
  }

  ruleFaults(id: SiteId, rule: Rule): Fault[] {
    return ruleFaults(rule, this.vocabulary(id));
  }

  /** The site as it would be with this rule published, as plain data. */
  definitionWith(id: SiteId, rule: Rule) {
    const { definition, catalogue } = this.#known(id);
    const { currency, locale, timeZone, settings, events, traits, segments } = definition;
    const rules = [
      ...definition.rules.filter((other) => other.id !== rule.id),
      { ...rule, status: 'published' as const },
    ];
    return {
      definition: { id, currency, locale, timeZone, settings, events, traits, segments, rules },
      products: catalogue.products,
      popular: this.#learned(id).popular,
    };
  }

  noteSpentBudget(id: SiteId, rule: string): void {
    this.#known(id).spentBudgets.add(rule);
  }

  /** Takes over a site file, unless it is the one that was imported last: then what was changed since stays. */
  async importFile(file: SiteFile): Promise<Fault[]> {
    const faults = siteFaults(file);
    if (faults.length > 0) return faults;
    const { products, secretKey, ...rest } = file;
    const definition = { ...rest, unreadRules: [], secretKeyHash: hashOf(secretKey).toString('hex') };
    const namesake = this.#withKeysOf(definition);
    if (namesake)
      return [{ path: 'publishableKey', message: `Site "${namesake}" has one of these keys already.` }];
    const importedFrom = createHash('sha256').update(JSON.stringify(file)).digest('hex');
    if (this.#sites.get(file.id)?.importedFrom === importedFrom) return [];
    const now = await this.#store.time();
    await this.#change(file.id, 'site file', (known: Known | undefined) => {
      const catalogue = withProducts(known?.catalogue ?? emptyCatalogue, products, now);
      return { definition, catalogue, importedFrom };
    });
    return [];
  }

  /** Adds the rule, or replaces the one with its id. Nothing changes when it has faults. */
  async putRule(id: SiteId, rule: Rule, by: string): Promise<Fault[]> {
    const faults = this.ruleFaults(id, rule);
    if (faults.length > 0) return faults;
    const isSame = this.rules(id).some((other) => JSON.stringify(other) === JSON.stringify(rule));
    if (isSame) return [];
    await this.#change(id, by, (known) => {
      const others = known.definition.rules.filter((other) => other.id !== rule.id);
      const unreadRules = known.definition.unreadRules.filter((other) => idOf(other) !== rule.id);
      if (others.length + unreadRules.length >= MAX_RULES) throw tooManyRules();
      return { ...known, definition: { ...known.definition, rules: [...others, rule], unreadRules } };
    });
    return [];
  }

  segments(id: SiteId): readonly Segment[] {
    return this.#known(id).definition.segments;
  }

  /** Replaces all segments. Refused where a published rule would lose the one that it names. */
  async putSegments(id: SiteId, segments: Segment[]): Promise<Fault[]> {
    const { definition } = this.#known(id);
    const faults = siteFaults({ ...definition, segments, rules: definition.rules.filter(isPublished) });
    if (faults.length > 0) return faults;
    await this.#change(id, 'api', ({ definition: before, ...known }) => ({
      ...known,
      definition: { ...before, segments },
    }));
    return [];
  }

  async putProducts(id: SiteId, products: readonly Product[]): Promise<void> {
    const now = await this.#store.time();
    await this.#change(id, 'api', (known) => ({
      ...known,
      catalogue: withProducts(known.catalogue, products, now),
    }));
  }

  async pause(id: SiteId, paused: boolean): Promise<void> {
    await this.#change(id, 'api', ({ definition, ...known }) => ({
      ...known,
      definition: { ...definition, settings: { ...definition.settings, paused } },
    }));
  }

  /** Another site with one of these keys: requests could not be told apart. */
  #withKeysOf({ id, publishableKey, secretKeyHash }: KnownDefinition): SiteId | undefined {
    for (const { definition: other } of this.#sites.values()) {
      const isSame = other.publishableKey === publishableKey || other.secretKeyHash === secretKeyHash;
      if (isSame && other.id !== id) return other.id;
    }
    return undefined;
  }

  #known(id: SiteId): Known {
    const known = this.#sites.get(id);
    if (!known) throw new Error(`No site ${id}`);
    return known;
  }

  #change(id: SiteId, by: string, make: (known: Known) => Changeable): Promise<void> {
    const change = this.#changes.then(() => this.#write(id, by, make));
    this.#changes = change.catch(() => undefined);
    return change;
  }

  async #write(id: SiteId, by: string, make: (known: Known) => Changeable): Promise<void> {
    const before = this.#sites.get(id);
    // An import makes a site that is not known yet, and looks at nothing.
    const next = make(before as Known);
    const version = (before?.site.version ?? 0) + 1;
    const definition = definitionToStore(next.definition);
    const products = catalogueToStore(next.catalogue);
    const at = await this.#store.time();
    const stored = { id, version, definition, products, importedFrom: next.importedFrom };
    const isWritten = await this.#store.writeSite(stored, { at, by });
    if (!isWritten) throw new Error(`Site ${id} was changed elsewhere.`);
    this.#remember({ ...next, version });
  }

  #remember({ definition, catalogue, version, importedFrom }: Changeable & { version: number }): void {
    const site = compileSite(definition, version, productsOf(catalogue));
    this.#sites.set(definition.id, { definition, catalogue, site, importedFrom, spentBudgets: new Set() });
  }
}

function isPublished({ status }: Rule): boolean {
  return status === 'published';
}

function tooManyRules(): HubError {
  const message = `A site has at most ${MAX_RULES} rules.`;
  return new HubError('invalid', message, { errors: [{ path: 'id', message }] });
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
