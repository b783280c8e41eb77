import { randomBytes } from 'node:crypto';
import { newShopper } from '../core/shopper.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import { totalTakes } from './budget-takes.ts';
import { RedisBudgets } from './redis-budgets.ts';
import { RedisConfirm } from './redis-confirm.ts';
import { readWritten, type Written, writtenAs } from './redis-document.ts';
import { RedisErasure } from './redis-erasure.ts';
import { RedisFolds } from './redis-folds.ts';
import { RedisHousekeeping } from './redis-housekeeping.ts';
import { PARTITIONS, RedisKeys } from './redis-keys.ts';
import { KEEP, RedisLane, type Sealing } from './redis-lane.ts';
import { type RedisClient, RedisLink } from './redis-link.ts';
import { RedisLosses } from './redis-losses.ts';
import { RedisLog, recordsIn } from './redis-log.ts';
import { RedisMemory } from './redis-memory.ts';
import { RedisRegisters } from './redis-registers.ts';
import { type LogKey, newLogKey, readLogKey } from './log-key.ts';
import { SCRIPTS } from './redis-scripts.ts';
import { keyOfName, nameOfShopper, type ShopperName } from './shopper-name.ts';
import { RedisSites } from './redis-sites.ts';
import { RedisWatch } from './redis-watch.ts';
import {
  type Commit,
  type CommitResult,
  type FoldSteps,
  type FoldSums,
  type LogLag,
  type LogPage,
  type LogPlace,
  type ShopperKey,
  type ShopperLog,
  type SiteChange,
  type SiteVersion,
  type Store,
  type Stored,
  type StoredSite,
} from './store.ts';

export interface RedisOptions {
  /** What the names of all keys begin with: installations may share a Redis. */
  readonly prefix?: string;
  /** In place of Redis's own clock. */
  readonly clock?: () => number;
  /** Whether a Redis will do that forgets when it restarts, or that makes room by dropping what it has. */
  readonly allowVolatile?: boolean;
  /** Replicas that must have what is confirmed. */
  readonly replicas?: number;
  /** Events that were acked and are gone, since another server took over that knew less. */
  onLost?(site: SiteId, events: readonly string[]): void;
}

const NONE: ReadonlySet<string> = new Set();
const ERASED: CommitResult = { ok: false, why: 'erased' };
const CONFLICT: CommitResult = { ok: false, why: 'conflict' };

/**
 * The store of many hubs: Redis 7 or later, one server or a cluster. Shoppers are spread over partitions; a commit is one
 * script on the keys of one partition. What a hub committed or loaded it remembers, and decides the next input upon without
 * asking: the commit finds out whether that was still true.
 */
export class RedisStore implements Store {
  readonly node = randomBytes(9).toString('base64url');
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #lanes: readonly RedisLane[];
  readonly #log: RedisLog;
  readonly #folds: RedisFolds;
  readonly #sites: RedisSites;
  readonly #budgets: RedisBudgets;
  readonly registers: RedisRegisters;
  readonly #watch: RedisWatch;
  readonly #memory = new RedisMemory();
  readonly #losses: RedisLosses;
  readonly #housekeeping: RedisHousekeeping;
  readonly #erasure: RedisErasure;
  readonly #confirm: RedisConfirm | null;
  readonly #clock: () => string | number;
  #tries = 0;
  #commits = 0;

  private constructor(url: string, link: RedisLink, keys: RedisKeys, options: RedisOptions) {
    const { clock } = options;
    this.#link = link;
    this.#keys = keys;
    this.#clock = () => clock?.() ?? '';
    this.#lanes = keys.partitions.map((partition) => new RedisLane(link, keys, partition, this.#clock));
    this.#log = new RedisLog(link, keys);
    this.#folds = new RedisFolds(link, keys);
    this.#sites = new RedisSites(link, keys);
    this.#budgets = new RedisBudgets(link, keys, this.#clock);
    this.registers = new RedisRegisters(link, keys, this.#clock, () => this.time());
    this.#losses = new RedisLosses(
      async (key, events) => (await this.load(key, events)).counted,
      ({ site }, events) => options.onLost?.(site, events),
    );
    this.#watch = new RedisWatch(link, keys, options.allowVolatile === true, {
      onSame: (at) => this.#losses.sawSame(at),
      onEpoch: () => this.#startOver(),
      upkeep: () => this.upkeep(),
    });
    this.#erasure = new RedisErasure(link, keys, (key) => this.load(key, []));
    this.#housekeeping = new RedisHousekeeping(link, keys, this.registers);
    const { replicas } = options;
    this.#confirm = replicas ? new RedisConfirm(link, url, keys, { replicas, name: this.node }) : null;
  }

  /** Rejects with one clear line when Redis can't be used. */
  static async open(url: string, options: RedisOptions = {}): Promise<RedisStore> {
    const link = await RedisLink.open(url);
    try {
      const store = new RedisStore(url, link, new RedisKeys(options.prefix), options);
      await store.#watch.start();
      return store;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  get epoch(): string {
    return this.#watch.epoch;
  }

  get underWay(): number {
    return this.#link.underWay;
  }

  async load(
    key: ShopperKey,
    eventIds: readonly string[],
    how: 'stored' | 'remembered' = 'stored',
  ): Promise<Stored> {
    const { member, partition, shopper, counted, erased } = this.#keys.shopper(key);
    const lane = this.#lane(partition);
    const now = lane.now();
    const known = how === 'remembered' && now !== null ? this.#memory.recall(member) : undefined;
    if (known && now !== null) {
      const { document, version, madeBy } = known;
      return { document, version, madeBy, counted: NONE, now, isFresh: false, isErased: false };
    }
    const answer = await this.#link.run(SCRIPTS.load, [shopper, counted], [this.#clock(), ...eventIds]);
    const [version, text, storeNow, flags, madeBy, keyText, ...changes] = answer as [
      number,
      string | null,
      number,
      string,
      string,
      string,
      ...string[],
    ];
    lane.heard(storeNow);
    // One who is new may be one who was erased.
    const isErased = version === 0 && (await this.#link.ask((client) => client.exists(erased()))) === 1;
    const written = readWritten(text, changes);
    const before = this.#memory.recall(member);
    if (before && (before.version !== version || before.madeBy !== madeBy)) this.#memory.forget(member);
    // Who asks like this commits next.
    const logKey = keyText === '' ? null : readLogKey(keyText);
    if (written && how === 'remembered')
      this.#memory.remember(member, { ...written, version, madeBy, logKey });
    return {
      document: written?.document ?? null,
      version,
      madeBy,
      counted: new Set(eventIds.filter((_, index) => flags[index] === '1')),
      now: storeNow,
      isFresh: true,
      isErased,
    };
  }

  async commit(commit: Commit): Promise<CommitResult> {
    this.#watch.refuseWhereVolatile();
    const { key, document } = commit;
    const budgets = totalTakes(commit.budgets);
    const { member, partition } = this.#keys.shopper(key);
    const id = this.#newCommitId();
    if (budgets.length > 0) {
      const spent = await this.#budgets.hold(key.site, budgets, id, partition);
      if (spent !== null) return { ok: false, why: 'budget_spent', name: spent };
    }
    const known = this.#memory.recall(member);
    const isUpon = known?.version === commit.version && known.madeBy === commit.madeBy;
    const written = writtenAs(document, isUpon ? known : null);
    const sealing = await this.#sealingOf(commit, known?.logKey ?? null);
    const nodes = await this.#commitOrForget(member, partition, commit, written, id, sealing);
    const isMade = nodes !== null && nodes !== 'erased';
    if (isMade) this.#losses.add(key, commit.counts);
    // What fails here is settled by whoever looks for what is overdue.
    if (budgets.length > 0)
      await this.#budgets.end(key.site, budgets, id, isMade ? 'taken' : 'back').catch(() => undefined);
    if (!isMade) return nodes === 'erased' ? ERASED : CONFLICT;
    const { layers } = written;
    const { logKey } = sealing;
    this.#memory.remember(member, { document, layers, version: commit.version + 1, madeBy: id, logKey });
    return { ok: true, nodes };
  }

  async erase(key: ShopperKey): Promise<readonly string[]> {
    const nodes = await this.#erasure.erase(key);
    this.#memory.forget(nameOfShopper(key));
    this.#losses.forget(key);
    return nodes;
  }

  confirm(): Promise<void> {
    return this.#confirm?.confirm() ?? Promise.resolve();
  }

  /** For counts that live beside the store: they may be lost, and cost no truth. */
  forLimits(): { client: RedisClient; prefix: string; isSilent: () => boolean } {
    const { client } = this.#link;
    return { client, prefix: this.#keys.prefix, isSilent: () => this.#link.isSilent };
  }

  publish(channel: string, text: string): Promise<number> {
    return this.#link.ask(async (client) => Number(await client.spublish(channel, text)));
  }

  async claimDue(limit: number, leaseMs: number): Promise<readonly ShopperKey[]> {
    const each = Math.max(1, Math.ceil(limit / PARTITIONS));
    const claims = await Promise.allSettled(
      this.#keys.partitions.map(({ due, shoppers }) =>
        this.#link.run(SCRIPTS.claimDue, [due], [this.#clock(), each, leaseMs, shoppers]),
      ),
    );
    // What one partition has handed out must not wait for another that is away.
    const claimed = claims.flatMap((claim) =>
      claim.status === 'fulfilled' ? [claim.value as string[]] : [],
    );
    const [failed] = claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason as Error] : []));
    if (failed && claimed.length === 0) throw failed;
    return claimed.flat().map(keyOfName);
  }

  async enterPages(key: ShopperKey): Promise<void> {
    await this.#link.run(SCRIPTS.enterPages, [this.#keys.shopper(key).pages], [this.node, KEEP.pagesMs]);
  }

  async leavePages(key: ShopperKey, node: string): Promise<void> {
    await this.#link.ask((client) => client.srem(this.#keys.shopper(key).pages, node));
  }

  async readSeqs(keys: readonly ShopperKey[]): Promise<readonly number[]> {
    const seqs = new Map<string, number>();
    const shoppers = keys.map((key) => this.#keys.shopper(key));
    const asked = this.#keys.partitions.map(async (_, index) => {
      const own = shoppers.filter(({ partition }) => partition === index).map(({ shopper }) => shopper);
      if (own.length === 0) return;
      const found = (await this.#link.run(SCRIPTS.readSeqs, own)) as number[];
      for (const [place, name] of own.entries()) seqs.set(name, found[place] ?? 0);
    });
    await Promise.all(asked);
    return shoppers.map(({ shopper }) => seqs.get(shopper) ?? 0);
  }

  async time(): Promise<number> {
    const given = this.#clock();
    return given === '' ? this.#redisTime() : Number(given);
  }

  async readShoppers(site: SiteId, after: string, limit: number): Promise<readonly ShopperId[]> {
    const start = after === '' ? '-' : `(${after}`;
    const found = await Promise.all(
      this.#keys.partitions.map((partition) =>
        this.#link.ask((client) => client.zrangebylex(partition.index(site), start, '+', 'LIMIT', 0, limit)),
      ),
    );
    return found.flat().sort().slice(0, limit) as ShopperId[];
  }

  async findCoupon(site: SiteId, digest: string): Promise<ShopperId | null> {
    // One question: counted as sixteen, a rush at the checkout would be turned away.
    const found = await this.#link.ask((client) =>
      Promise.all(this.#keys.partitions.map((partition) => client.get(partition.coupon(site, digest)))),
    );
    return (found.find((shopper) => shopper !== null) ?? null) as ShopperId | null;
  }

  async readLog(after: LogPlace, limit: number): Promise<LogPage> {
    const { lines, ...page } = await this.#log.read(after, limit);
    return { records: lines.flatMap(recordsIn), ...page };
  }

  async readLogLines(after: LogPlace, limit: number): Promise<{ lines: string; next: LogPlace }> {
    const { lines, next } = await this.#log.read(after, limit);
    return { lines: lines.join(''), next };
  }

  readLogEnd(): Promise<LogPlace> {
    return this.#log.end();
  }

  async readLogLag(after: LogPlace): Promise<LogLag> {
    return this.#log.lag(after, await this.#redisTime());
  }

  readLogOf(key: ShopperKey, before: LogPlace | null): Promise<ShopperLog> {
    return this.#log.readOf(key, before);
  }

  readFold(name: string): Promise<FoldSums> {
    return this.#folds.read(name);
  }

  readFoldPlace(name: string): Promise<LogPlace> {
    return this.#folds.readPlace(name);
  }

  readFoldSteps(name: string, after: LogPlace): Promise<FoldSteps | null> {
    return this.#folds.readSteps(name, after);
  }

  advanceFold(
    name: string,
    from: LogPlace,
    to: LogPlace,
    changes: ReadonlyMap<string, number>,
    isFollowed = false,
  ): Promise<boolean> {
    return this.#folds.advance(name, from, to, changes, isFollowed);
  }

  forgetSums(name: string, before: string): Promise<void> {
    return this.#folds.forget(name, before);
  }

  readSites(): Promise<readonly StoredSite[]> {
    return this.#sites.read();
  }

  readVersions(): Promise<ReadonlyMap<SiteId, number>> {
    return this.#sites.versions();
  }

  writeSite(site: StoredSite, change: SiteChange): Promise<boolean> {
    return this.#sites.write(site, change);
  }

  readSiteVersions(id: SiteId, before: number, limit: number): Promise<readonly SiteVersion[]> {
    return this.#sites.history(id, before, limit);
  }

  readSecret(): Promise<Uint8Array> {
    return this.#watch.readSecret();
  }

  ping(): Promise<void> {
    return this.#watch.look();
  }

  /** As a commit for a shopper of no site, in one partition after the other. */
  async tryCommit(): Promise<void> {
    const { partition, key } = this.#keys.nobodyOf(this.#tries++);
    const { version, madeBy, now: at } = await this.load(key, []);
    const nothing = { counts: [], records: [], coupons: [], budgets: [] };
    const document = newShopper(key.shopper, at);
    const commit = { key, version, madeBy, at, document, ...nothing };
    // Refused: another node has just done the same, which proves the same.
    const sealing = { logKey: newLogKey(), isNew: false };
    await this.#lane(partition).commit(commit, writtenAs(document, null), this.#newCommitId(), sealing);
  }

  /** What is done by the way, again and again, by every hub: what was left undone by one that died. */
  async upkeep(): Promise<void> {
    const now = await this.time();
    await this.#budgets.settleOverdue(now);
    await this.#housekeeping.takeTurn(this.node, now);
  }

  /** Bounds what grows, whoever did so last. */
  async keepHouse(): Promise<void> {
    await this.#housekeeping.keepHouse(await this.time());
  }

  /** Another server answers now, or one that has forgotten: what was remembered is worth nothing, and what was acked is looked for. */
  #startOver(): void {
    this.#memory.forgetAll();
    this.#losses.sawAnother();
  }

  async close(): Promise<void> {
    await this.#watch.stop();
    this.#confirm?.close();
    this.#link.close();
  }

  /** Tells every attempt of every process from all others: `node` is random. */
  #newCommitId(): string {
    return `${this.node}-${(this.#commits++).toString(36)}`;
  }

  async #commitOrForget(
    member: ShopperName,
    partition: number,
    commit: Commit,
    written: Written,
    id: string,
    sealing: Sealing,
  ) {
    try {
      const nodes = await this.#lane(partition).commit(commit, written, id, sealing);
      if (!nodes || nodes === 'erased') this.#memory.forget(member);
      return nodes;
    } catch (error) {
      this.#memory.forget(member);
      throw error;
    }
  }

  async #redisTime(): Promise<number> {
    const [seconds, micros] = await this.#link.ask((client) => client.time());
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  /** The key that a shopper's records are sealed with; one that has none gets one with the commit. */
  async #sealingOf({ key, version }: Commit, known: LogKey | null): Promise<Sealing> {
    if (known) return { logKey: known, isNew: false };
    const { shopper } = this.#keys.shopper(key);
    const kept = version === 0 ? null : await this.#link.ask((client) => client.hget(shopper, 'l'));
    return kept === null ? { logKey: newLogKey(), isNew: true } : { logKey: readLogKey(kept), isNew: false };
  }

  #lane(partition: number): RedisLane {
    const lane = this.#lanes[partition];
    if (!lane) throw new Error(`There is no partition ${partition}.`);
    return lane;
  }
}
