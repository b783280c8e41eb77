import { SiteId } from '../../shared/ids.ts';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { SCRIPTS } from './redis-scripts.ts';
import type { SiteChange, SiteVersion, StoredSite } from './store.ts';

/** Versions of a site that are kept; past it the oldest goes. */
const MOST_VERSIONS = 1_000;
const VERSIONS_AT_ONCE = 100;

/** What owners have said about their sites. */
export class RedisSites {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async read(): Promise<StoredSite[]> {
    const sites = await this.#link.ask((client) => client.hvals(this.#keys.sites));
    return sites.map((site) => JSON.parse(site) as StoredSite);
  }

  async versions(): Promise<Map<SiteId, number>> {
    const versions = await this.#link.ask((client) => client.hgetall(this.#keys.siteVersions));
    return new Map(Object.entries(versions).map(([id, version]) => [SiteId.parse(id), Number(version)]));
  }

  async write(site: StoredSite, { at, by }: SiteChange): Promise<boolean> {
    const { id, version, definition } = site;
    const [newest] = await this.history(id, Number.POSITIVE_INFINITY, 1);
    // A new catalogue changes no definition, and makes no version of it.
    const entry = newest?.definition === definition ? '' : JSON.stringify({ version, definition, at, by });
    const keys = [this.#keys.sites, this.#keys.siteVersions, this.#keys.siteHistory(id)];
    const args = [id, version, JSON.stringify(site), entry, MOST_VERSIONS];
    return (await this.#link.run(SCRIPTS.writeSite, keys, args)) === 1;
  }

  /** Newest first, those before a version. */
  async history(id: SiteId, before: number, limit: number): Promise<SiteVersion[]> {
    const found: SiteVersion[] = [];
    for (let start = 0; found.length < limit; start += VERSIONS_AT_ONCE) {
      const entries = await this.#link.ask((client) =>
        client.lrange(this.#keys.siteHistory(id), start, start + VERSIONS_AT_ONCE - 1),
      );
      const versions = entries.map((entry) => JSON.parse(entry) as SiteVersion);
      found.push(...versions.filter(({ version }) => version < before));
      if (entries.length < VERSIONS_AT_ONCE) break;
    }
    return found.slice(0, limit);
  }
}
