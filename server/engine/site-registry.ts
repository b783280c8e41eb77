import { createHash } from 'node:crypto';
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
import type { SiteQuota } from '../limits/site-budgets.ts';
import type { SiteChange, Store } from '../store/store.ts';
import { HubError } from './hub-error.ts';
import { KeyIndex } from './key-index.ts';
import { SealedTexts } from './sealed-text.ts';
import { hasEnded, hashOfKey, type Seal, type StoredKey, withKeysOfFile } from './site-keys.ts';
import { StoreClock } from './store-clock.ts';
import { definitionToStore, idOf, readStoredSite, type KnownDefinition } from './stored-site.ts';

/** Hubs that change one site at once each try so often. */
const MOST_ATTEMPTS = 8;
const SPENT_FOR_MS = 30_000;

interface Known {
  readonly definition: KnownDefinition;
  readonly catalogue: Catalogue;
  readonly site: Site;
  readonly importedFrom: string | null;
  readonly spentBudgets: Set<string>;
}

type Changeable = Pick<Known, 'definition' | 'catalogue' | 'importedFrom'>;
type Make = (known: Known, now: number) => Changeable | null;

/** Which sites there are, what their owners last said, and the compiled form that decisions read. */
export class SiteRegistry {
  readonly #store: Store;
  readonly #learned: (site: SiteId) => Learned;
  readonly #logger: Logger;
  readonly #texts: SealedTexts;
  readonly #sites = new Map<SiteId, Known>();
  readonly #keys = new KeyIndex();
  /** Of all sites; null: to be gathered. */
  #origins: ReadonlySet<string> | null = null;
  readonly #clock = new StoreClock();
  readonly #spentUntil = new Map<SiteId, number>();
  /** Changes to one site happen one after the other, so that none is built on a version that is gone. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(store: Store, learned: (site: SiteId) => Learned, logger: Logger, texts: SealedTexts) {
    this.#store = store;
    this.#learned = learned;
    this.#logger = logger;
    this.#texts = texts;
  }

  /** Rules that can't fire as they are stored are named in the log. Rejects with a `StartError` for worse faults. */
  static async open(store: Store, learned: (site: SiteId) => Learned, logger: Logger): Promise<SiteRegistry> {
    const texts = new SealedTexts(await store.readSecret());
    const registry = new SiteRegistry(store, learned, logger, texts);
    await registry.#readAll();
    await registry.#setClock();
    return registry;
  }

  /**
   * Takes over what was changed elsewhere; resolves with the sites that it was. A site that the store has forgotten is told
   * it again: what owners have said outlives the store's memory as long as one hub does. `isDoubtful`: a version may have
   * been made twice, by a store that took over and knew less.
   */
  async refresh(isDoubtful = false): Promise<readonly SiteId[]> {
    const stored = await this.#store.readVersions();
    const before = new Map([...this.#sites].map(([id, { site }]) => [id, site.version]));
    for (const id of before.keys()) if (!stored.has(id)) await this.#tellAgain(id);
    const isNew = [...stored].some(([id, version]) => before.get(id) !== version);
    if (isNew || isDoubtful) await this.#readAll(isDoubtful);
    await this.#setClock();
    return [...this.#sites].flatMap(([id, { site }]) => (before.get(id) === site.version ? [] : [id]));
  }

  get size(): number {
    return this.#sites.size;
  }

  has(id: SiteId): boolean {
    return this.#sites.has(id);
  }

  ids(): SiteId[] {
    return [...this.#sites.keys()];
  }

  version(id: SiteId): number {
    return this.#sites.get(id)?.site.version ?? 0;
  }

  definition(id: SiteId): KnownDefinition {
    return this.#known(id).definition;
  }

  byPublishableKey(key: string): { id: SiteId; origins: readonly string[]; inspect: boolean } | null {
    const found = this.#keys.find('publishable', key, () => this.#clock.now());
    if (!found) return null;
    const { id, origins, settings } = this.#known(found.site).definition;
    return { id, origins, inspect: settings.inspect };
  }

  bySecretKey(key: string): { site: SiteId; key: StoredKey } | null {
    return this.#keys.find('secret', key, () => this.#clock.now());
  }

  /** The keys that are good now. */
  keysOf(id: SiteId): StoredKey[] {
    return this.definition(id).keys.filter((key) => !hasEnded(key, () => this.#clock.now()));
  }

  sealFor(id: SiteId): Seal {
    return (key) => this.#texts.seal(key, identityKeyOf(id));
  }

  /** What a token of the shop's may be signed with: the key that it names, or any where it names none. */
  identityKeys(id: SiteId, named: string | undefined): string[] {
    return this.keysOf(id).flatMap((key) =>
      key.kind === 'identity' && (named === undefined || key.id === named)
        ? [this.#texts.open(key.sealed, identityKeyOf(id))]
        : [],
    );
  }

  /** What a site may use of a hub; null where it has the hub to itself. */
  quota(id: SiteId): SiteQuota | null {
    return this.#sites.size > 1 ? this.#known(id).definition.quota : null;
  }

  isKnownOrigin(origin: string): boolean {
    this.#origins ??= new Set([...this.#sites.values()].flatMap(({ definition }) => definition.origins));
    return this.#origins.has(origin);
  }

  /** What a decision for this site depends on, as of now. */
  live(id: SiteId): LiveSite {
    const known = this.#known(id);
    if (known.spentBudgets.size > 0 && (this.#spentUntil.get(id) ?? 0) < performance.now())
      known.spentBudgets.clear();
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

  /** For a while at most: what another hub only held for a commit that it could not make is given back. */
  noteSpentBudget(id: SiteId, rule: string): void {
    const { spentBudgets } = this.#known(id);
    // From the first on, so that none is put off by others.
    if (spentBudgets.size === 0) this.#spentUntil.set(id, performance.now() + SPENT_FOR_MS);
    spentBudgets.add(rule);
  }

  /** Takes over a site file, unless it is the one that was imported last: then what was changed since stays. */
  async importFile(file: SiteFile): Promise<Fault[]> {
    const faults = siteFaults(file);
    if (faults.length > 0) return faults;
    const namesake = this.#withKeysOf(file);
    if (namesake)
      return [{ path: 'publishableKey', message: `Site "${namesake}" has one of these keys already.` }];
    const importedFrom = createHash('sha256').update(JSON.stringify(file)).digest('hex');
    if (this.#sites.get(file.id)?.importedFrom === importedFrom) return [];
    try {
      await this.#importAs(importedFrom, file);
    } catch (error) {
      if (error instanceof HubError && error.code === 'conflict')
        return [{ path: 'secretKey', message: error.message }];
      throw error;
    }
    return [];
  }

  /** Adds a site that is not there yet; false when one with its id is. */
  async create(
    id: SiteId,
    by: string,
    make: (now: number) => { definition: KnownDefinition; products: readonly Product[] },
  ): Promise<boolean> {
    let isNew = false;
    await this.#change(id, by, (known: Known | undefined, now) => {
      isNew = known === undefined;
      if (!isNew) return null;
      const { definition, products } = make(now);
      return { definition, catalogue: withProducts(emptyCatalogue, products, now), importedFrom: null };
    });
    return isNew;
  }

  /** What comes of the site's definition; null: nothing changes. `make` may throw, and may be asked again. */
  changeDefinition(
    id: SiteId,
    by: string,
    make: (before: KnownDefinition, now: number) => KnownDefinition | null,
  ): Promise<void> {
    return this.#change(id, by, (known, now) => {
      const definition = make(known.definition, now);
      return definition && { ...known, definition };
    });
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
    await this.changeDefinition(id, 'api', (before) => ({ ...before, segments }));
    return [];
  }

  async putProducts(id: SiteId, products: readonly Product[]): Promise<void> {
    await this.#change(id, 'api', (known, now) => ({
      ...known,
      catalogue: withProducts(known.catalogue, products, now),
    }));
  }

  async pause(id: SiteId, paused: boolean): Promise<void> {
    await this.changeDefinition(id, 'api', (before) => ({
      ...before,
      settings: { ...before.settings, paused },
    }));
  }

  #importAs(importedFrom: string, file: SiteFile): Promise<void> {
    const { products, publishableKey, secretKey, identityKey, ...rest } = file;
    return this.#change(file.id, 'site file', (known: Known | undefined, now) => {
      // Hubs that start together read the same file: the first has imported it for all.
      if (known?.importedFrom === importedFrom) return null;
      const catalogue = withProducts(known?.catalogue ?? emptyCatalogue, products, now);
      const before = known?.definition ?? { keys: [], goneKeys: [] };
      const given = { publishableKey, secretKey, identityKey };
      const keys = withKeysOfFile(before, given, now, this.sealFor(file.id));
      return { definition: { ...rest, unreadRules: [], ...keys }, catalogue, importedFrom };
    });
  }

  /** Another site with one of these keys: requests could not be told apart. */
  #withKeysOf({ id, publishableKey, secretKey, identityKey }: SiteFile): SiteId | undefined {
    return [publishableKey, secretKey, identityKey ?? '']
      .map((key) => this.#keys.ownerOf(hashOfKey(key)))
      .find((owner) => owner !== undefined && owner !== id);
  }

  #known(id: SiteId): Known {
    const known = this.#sites.get(id);
    if (!known) throw new Error(`No site ${id}`);
    return known;
  }

  #change(id: SiteId, by: string, make: Make): Promise<void> {
    const change = this.#changes.then(() => this.#write(id, by, make));
    this.#changes = change.catch(() => undefined);
    return change;
  }

  async #write(id: SiteId, by: string, make: Make): Promise<void> {
    const at = await this.#store.time();
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const before = this.#sites.get(id);
      // An import makes a site that is not known yet, and looks at nothing.
      const next = make(before as Known, at);
      if (!next) return;
      if (await this.#writeVersion(id, (before?.site.version ?? 0) + 1, next, { at, by })) {
        if (this.#keys.haveEnds) this.#clock.note(at);
        return;
      }
      // Another hub was first: what is changed is what it has left.
      await this.#readAll();
    }
    throw new HubError('busy', `Others keep changing site ${id}.`);
  }

  async #writeVersion(id: SiteId, version: number, next: Changeable, change: SiteChange): Promise<boolean> {
    const definition = definitionToStore(next.definition);
    const products = catalogueToStore(next.catalogue);
    const { importedFrom } = next;
    const isWritten = await this.#store.writeSite(
      { id, version, definition, products, importedFrom },
      change,
    );
    if (isWritten) this.#remember({ ...next, version });
    return isWritten;
  }

  async #setClock(): Promise<void> {
    if (this.#keys.haveEnds) this.#clock.note(await this.#store.time());
  }

  async #tellAgain(id: SiteId): Promise<void> {
    this.#logger.error({ site: id }, 'the store has forgotten a site and is told it again');
    const at = await this.#store.time();
    // Where another hub was first, what it has told is read.
    if (!(await this.#writeVersion(id, 1, this.#known(id), { at, by: 'hub' }))) await this.#readAll();
  }

  async #readAll(isDoubtful = false): Promise<void> {
    for (const row of await this.#store.readSites()) {
      if (!isDoubtful && this.#sites.get(row.id)?.site.version === row.version) continue;
      const { definition, catalogue, idle } = readStoredSite(row);
      for (const { id, fault } of idle)
        this.#logger.warn(
          { site: row.id, rule: id, fault },
          'a stored rule no longer passes and is left out',
        );
      this.#remember({ definition, catalogue, version: row.version, importedFrom: row.importedFrom });
    }
  }

  #remember({ definition, catalogue, version, importedFrom }: Changeable & { version: number }): void {
    const site = compileSite(definition, version, productsOf(catalogue));
    this.#keys.put(definition.id, definition.keys);
    this.#origins = null;
    this.#sites.set(definition.id, { definition, catalogue, site, importedFrom, spentBudgets: new Set() });
  }
}

function identityKeyOf(id: SiteId): string {
  return `identity key of ${id}`;
}

function isPublished({ status }: Rule): boolean {
  return status === 'published';
}

function tooManyRules(): HubError {
  const message = `A site has at most ${MAX_RULES} rules.`;
  return new HubError('invalid', message, { errors: [{ path: 'id', message }] });
}
