import type { Shopper } from '../../../server/core/shopper.ts';
import type { RegisterEntry } from '../../../server/store/registers.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import type { SiteId } from '../../../shared/ids.ts';
import type {
  Commit,
  CommitResult,
  ShopperKey,
  SiteVersion,
  StoredSite,
} from '../../../server/store/store.ts';

export interface Row {
  readonly key: ShopperKey;
  readonly document: Shopper;
  readonly version: number;
  readonly counted: ReadonlySet<string>;
}

/** What outlives every process: the truth behind however many stores that are open on it. */
export class Disk {
  readonly rows = new Map<string, Row>();
  readonly log: LogRecord[] = [];
  readonly coupons = new Map<string, ShopperKey>();
  readonly siteVersions: (SiteVersion & { readonly id: SiteId })[] = [];
  readonly sites = new Map<string, StoredSite>();
  readonly folds = new Map<string, { place: string; sums: Map<string, number> }>();
  readonly erased = new Set<string>();
  readonly registers = new Map<string, RegisterEntry>();
  readonly secret = new Uint8Array(32).fill(7);
  readonly #clock: () => number;
  /** Told of each commit at the moment at which it becomes true. */
  readonly #onCommit: (commit: Commit, row: Row) => void;
  readonly #onRefusal: (why: string) => void;
  readonly #counted = new Map<string, Set<string>>();
  readonly #taken = new Map<string, number>();
  readonly #leases = new Map<string, number>();
  #lastNow = 0;

  constructor(
    clock: () => number,
    onCommit: (commit: Commit, row: Row) => void = () => undefined,
    onRefusal: (why: string) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#onCommit = onCommit;
    this.#onRefusal = onRefusal;
  }

  /** Time never goes back here, whatever the system's clock does. */
  now(): number {
    this.#lastNow = Math.max(this.#lastNow, this.#clock());
    return this.#lastNow;
  }

  row(key: ShopperKey): Row | undefined {
    return this.rows.get(nameOf(key));
  }

  commit(commit: Commit): CommitResult {
    const result = this.#tryCommit(commit);
    if (!result.ok) this.#onRefusal(result.why);
    return result;
  }

  #tryCommit(commit: Commit): CommitResult {
    const { key, budgets } = commit;
    const name = nameOf(key);
    const row = this.rows.get(name);
    if (this.erased.has(name)) return { ok: false, why: 'erased' };
    if ((row?.version ?? 0) !== commit.version) return { ok: false, why: 'conflict' };
    if (commit.counts.some((id) => row?.counted.has(id))) return { ok: false, why: 'conflict' };
    const taken = new Map<string, number>();
    for (const { name: budget, take, most } of budgets) {
      const full = `${key.site}/${budget}`;
      const sum = (taken.get(full) ?? this.#taken.get(full) ?? 0) + take;
      if (sum > most) return { ok: false, why: 'budget_spent', name: budget };
      taken.set(full, sum);
    }
    for (const [full, sum] of taken) this.#taken.set(full, sum);
    const counted = this.#counted.get(name) ?? new Set();
    this.#counted.set(name, counted);
    for (const id of commit.counts) counted.add(id);
    for (const code of commit.coupons) this.coupons.set(`${key.site}/${code}`, key);
    this.log.push(...commit.records);
    const next = { key, document: commit.document, version: commit.version + 1, counted };
    this.rows.set(name, next);
    this.#leases.delete(name);
    this.#onCommit(commit, next);
    return { ok: true, nodes: [] };
  }

  erase(key: ShopperKey): void {
    const name = nameOf(key);
    this.erased.add(name);
    this.rows.delete(name);
    this.#counted.delete(name);
    for (const [code, owner] of this.coupons) if (nameOf(owner) === name) this.coupons.delete(code);
    for (const record of this.log.splice(0)) if (nameOf(record) !== name) this.log.push(record);
  }

  claimDue(limit: number, leaseMs: number): ShopperKey[] {
    const now = this.now();
    const due: ShopperKey[] = [];
    for (const [name, { key, document }] of this.rows) {
      if (due.length >= limit) break;
      const isDue = document.wakeAt !== null && document.wakeAt <= now;
      if (!isDue || (this.#leases.get(name) ?? 0) > now) continue;
      this.#leases.set(name, now + leaseMs);
      due.push(key);
    }
    return due;
  }

  /** The earliest `wakeAt` of all. */
  nextWake(): number {
    let wake = Number.POSITIVE_INFINITY;
    for (const { document } of this.rows.values()) wake = Math.min(wake, document.wakeAt ?? wake);
    return wake;
  }
}

export function nameOf({ site, shopper }: ShopperKey): string {
  return `${site}/${shopper}`;
}
