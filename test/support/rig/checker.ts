import { codeDigest } from '../../../server/core/code-digest.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { CouponBook } from '../../simulate/observer/coupon-book.ts';
import type { NudgeStory } from '../../simulate/observer/nudge-history.ts';
import { factsOf } from '../../simulate/observer/rule-facts.ts';
import { type Fired, ShopperHistory } from '../../simulate/observer/shopper-history.ts';
import type { Invariant } from '../../simulate/observer/violation.ts';
import type { Shop } from '../../simulate/world/shops.ts';
import type { Operation } from './history.ts';

/** Acked so shortly before a kill that a store that is not durable would have lost it. */
const AT_RISK_MS = 100;

export interface Verdict {
  readonly violations: readonly { readonly invariant: Invariant | 'spentOnce'; readonly what: string }[];
  readonly counts: {
    /** Events that some attempt was acked for. */
    readonly acked: number;
    /** Over all kills: events acked in the last 100 ms before, or under way at the time. */
    readonly atRisk: number;
    readonly kills: number;
    readonly records: number;
    readonly fired: number;
    readonly granted: number;
    readonly redeemed: number;
  };
}

/**
 * Holds what clients were told against all that the log has. The log of one shopper must be in commit order, and whole:
 * it is lived through again by the rules as the shop's owner wrote them, without the product's help.
 */
export function check(history: readonly Operation[], records: readonly LogRecord[], shop: Shop): Verdict {
  return new Checker(shop).check(history, records);
}

class Checker {
  readonly #violations: Verdict['violations'][number][] = [];
  readonly #facts: ReturnType<typeof factsOf>;
  readonly #fired: Fired = new Map();
  readonly #shoppers = new Map<string, ShopperHistory>();
  readonly #stories = new Map<string, NudgeStory>();
  readonly #shopperOf = new Map<string, string>();
  /** The order that each code was spent for. */
  readonly #orders = new Map<string, string>();
  readonly #book = new CouponBook((invariant, what) => this.#report(invariant, what));

  constructor(shop: Shop) {
    this.#facts = factsOf(shop);
  }

  check(history: readonly Operation[], records: readonly LogRecord[]): Verdict {
    for (const record of records) this.#take(record);
    const events = of(history, 'event');
    const acked = new Map(
      events.flatMap(({ id, shopper, result }) => (result === 'acked' ? [[id, shopper]] : [])),
    );
    for (const [id, shopper] of acked)
      if (this.#shopperOf.get(id) !== shopper)
        this.#report('countedOnce', `${id} was acked and is not in the log`);
    const granted = of(history, 'claim').filter(({ result }) => result === 'granted');
    for (const claim of granted) this.#checkGrant(claim);
    const redeemed = of(history, 'redeem').filter(({ result }) => result === 'redeemed');
    for (const { id, order } of redeemed) this.#checkRedeemed(codeDigest(id), order);
    const kills = of(history, 'kill');
    return {
      violations: this.#violations,
      counts: {
        acked: acked.size,
        atRisk: kills.reduce((sum, kill) => sum + atRisk(events, kill), 0),
        kills: kills.length,
        records: records.length,
        fired: [...this.#fired.values()].reduce((sum, count) => sum + count, 0),
        granted: granted.length,
        redeemed: this.#orders.size,
      },
    };
  }

  #take(record: LogRecord): void {
    const { input, shopper } = record;
    if (input.kind === 'event') this.#takeId(input.event.id, shopper);
    if (input.kind === 'redeem') this.#takeSpent(input, record);
    const life = this.#lifeOf(shopper);
    life.take(record);
    for (const reason of record.reasons ?? []) {
      const story = reason.result === 'fired' ? life.nudges.all.get(reason.nudge) : undefined;
      if (story) this.#stories.set(story.id, story);
    }
  }

  #takeId(id: string, shopper: string): void {
    const other = this.#shopperOf.get(id);
    if (other !== undefined && other !== shopper)
      this.#report('countedOnce', `${id} is in the log of ${other} and of ${shopper}`);
    this.#shopperOf.set(id, shopper);
  }

  #takeSpent(
    { digest: code, order }: { digest: string; order: string },
    { redeemed = [], at }: LogRecord,
  ): void {
    for (const nudge of redeemed) {
      const before = this.#orders.get(code);
      if (before !== undefined) this.#report('spentOnce', `${code} was spent for ${before} and for ${order}`);
      this.#orders.set(code, order);
      this.#book.nameCode(code, nudge);
      const { expiresAt = Number.NEGATIVE_INFINITY } = this.#stories.get(nudge) ?? {};
      if (expiresAt <= at)
        this.#report('honestCountdown', `${code}, good until ${expiresAt}, was spent at ${at}`);
    }
  }

  #lifeOf(shopper: string): ShopperHistory {
    const known = this.#shoppers.get(shopper);
    if (known) return known;
    const fresh = new ShopperHistory(shopper, this.#facts, this.#fired, this.#book, (invariant, what) =>
      this.#report(invariant, `${shopper}: ${what}`),
    );
    this.#shoppers.set(shopper, fresh);
    return fresh;
  }

  /** Each right to paint that was given must be one that the log gives, and no more often. */
  #checkGrant({ id, tab }: Operation<'claim'>): void {
    const story = this.#stories.get(id);
    const grants = story?.tabs.get(tab) ?? 0;
    if (grants === 0) this.#report('paintedOnce', `${tab} was granted ${id}, which the log does not allow`);
    else story?.tabs.set(tab, grants - 1);
  }

  #checkRedeemed(code: string, order: string): void {
    const inLog = this.#orders.get(code);
    if (inLog !== order)
      this.#report('spentOnce', `${order} was told that it has ${code}; the log has ${inLog ?? 'nobody'}`);
  }

  #report(invariant: Verdict['violations'][number]['invariant'], what: string): void {
    this.#violations.push({ invariant, what });
  }
}

function of<Kind extends Operation['op']>(history: readonly Operation[], op: Kind): Operation<Kind>[] {
  return history.filter((operation) => operation.op === op) as Operation<Kind>[];
}

function atRisk(events: readonly Operation<'event'>[], kill: Operation<'kill'>): number {
  const ids = events.flatMap(({ id, invoked, returned, result }) => {
    const isUnderWay =
      invoked <= (kill.returned ?? kill.invoked) && (returned === null || returned > kill.invoked);
    const isJustAcked =
      result === 'acked' &&
      returned !== null &&
      returned <= kill.invoked &&
      returned > kill.invoked - AT_RISK_MS;
    return isUnderWay || isJustAcked ? [id] : [];
  });
  return new Set(ids).size;
}
