import type { RedisKeys } from './redis-keys.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';
import { SCRIPTS } from './redis-scripts.ts';
import { MOST_ENTRIES, type RegisterChange, type RegisterEntry, type Registers } from './registers.ts';

const WIPED_AT_ONCE = 500;

/** Registers in Redis: a hash each, with the ids in order beside it. */
export class RedisRegisters implements Registers {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #clock: () => string | number;
  readonly #time: () => Promise<number>;

  /** `clock`: for scripts; empty: Redis's own. */
  constructor(link: RedisLink, keys: RedisKeys, clock: () => string | number, time: () => Promise<number>) {
    this.#link = link;
    this.#keys = keys;
    this.#clock = clock;
    this.#time = time;
  }

  async read(register: string, id: string): Promise<RegisterEntry | null> {
    const [found] = await this.#readAll(register, [id]);
    return found ?? null;
  }

  async list(register: string, after: string, limit: number): Promise<readonly RegisterEntry[]> {
    const found: RegisterEntry[] = [];
    for (let start = after; found.length < limit;) {
      const ids = await this.#idsAfter(register, start, limit);
      found.push(...(await this.#readAll(register, ids)));
      const last = ids.at(-1);
      if (last === undefined || ids.length < limit) break;
      start = last;
    }
    return found.slice(0, limit);
  }

  async write(register: string, { text, ...entry }: RegisterChange): Promise<boolean> {
    const { entries, ids } = this.#keys.register(register);
    await this.#link.ask((client) => client.sadd(this.#keys.registers, register));
    const stored = text === null ? '' : JSON.stringify({ ...entry, text });
    const args = [this.#clock(), entry.id, entry.version, stored, MOST_ENTRIES];
    return (await this.#link.run(SCRIPTS.writeEntry, [entries, ids], args)) === 1;
  }

  /** Removes what has expired. */
  async wipe(): Promise<void> {
    const now = await this.#time();
    for (const register of await this.#link.ask((client) => client.smembers(this.#keys.registers))) {
      const { entries, ids } = this.#keys.register(register);
      for (let start = '', page: string[] = []; ; start = page.at(-1) ?? '') {
        page = await this.#idsAfter(register, start, WIPED_AT_ONCE);
        if (page.length === 0) break;
        const kept = new Set((await this.#readAll(register, page, now)).map(({ id }) => id));
        const over = page.filter((id) => !kept.has(id));
        if (over.length === 0) continue;
        await this.#link.ask((client) => client.hdel(entries, ...over));
        await this.#link.ask((client) => client.zrem(ids, ...over));
      }
    }
  }

  #idsAfter(register: string, after: string, limit: number): Promise<string[]> {
    const { ids } = this.#keys.register(register);
    const start = after === '' ? '-' : `(${after}`;
    return this.#link.ask((client: RedisClient) => client.zrangebylex(ids, start, '+', 'LIMIT', 0, limit));
  }

  async #readAll(register: string, ids: readonly string[], at?: number): Promise<RegisterEntry[]> {
    if (ids.length === 0) return [];
    const now = at ?? (await this.#time());
    const texts = await this.#link.ask((client) =>
      client.hmget(this.#keys.register(register).entries, ...ids),
    );
    const entries = texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as RegisterEntry]));
    return entries.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  }
}
