import type { Shopper } from '../../../server/core/shopper.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import type { ShopperEvent } from '../../../shared/event.ts';
import { CartHistory } from './cart-history.ts';
import type { CouponBook } from './coupon-book.ts';
import { NudgeHistory, type NudgeStory } from './nudge-history.ts';
import type { RuleFacts, ShopFacts } from './rule-facts.ts';
import type { Report } from './violation.ts';

/** Of all shoppers of the site: how often each rule has fired. */
export type Fired = Map<string, number>;

type EventInput = Extract<LogRecord['input'], { kind: 'event' }>;

const VISIT_GAP_MS = 30 * 60_000;
const NO_ACTIVITY = [
  'nudge_displayed',
  'exit_intent',
  'user_engagement',
  'web_vitals',
  'consent_update',
  'capture_fault',
];
const REPORTS_ON_NUDGE = ['nudge_displayed', 'nudge_clicked', 'nudge_dismissed'];
const ABOUT_AN_OPEN_CART = [
  'cart_idle',
  'cart_abandoned',
  'checkout_stalled',
  'cart_dwell',
  'cart_threshold',
];
const WAITS_FOR_IDLENESS = ['cart_idle', 'checkout_stalled'];

/** One shopper's life as the log tells it, and whether each record of it may be. */
export class ShopperHistory {
  readonly counted = new Set<string>();
  readonly cart = new CartHistory();
  readonly nudges: NudgeHistory;
  activeAt = Number.NEGATIVE_INFINITY;
  /** When each rule last had its turn. */
  readonly turns = new Map<string, number>();
  /** Since when the shopper had done nothing at each rule's last turn. */
  readonly #turnsOf = new Map<string, number>();
  readonly #shop: ShopFacts;
  readonly #fired: Fired;
  readonly #book: CouponBook;
  readonly #report: Report;
  readonly #shopper: string;
  readonly #orders = new Set<string>();
  #orderedAt = Number.NEGATIVE_INFINITY;
  #consent: 'granted' | 'denied' | null = null;
  #consentAt: readonly [rev: number, id: string] = [-1, ''];

  constructor(shopper: string, shop: ShopFacts, fired: Fired, book: CouponBook, report: Report) {
    this.#shopper = shopper;
    this.#shop = shop;
    this.#fired = fired;
    this.#book = book;
    this.#report = report;
    this.nudges = new NudgeHistory(shop);
  }

  /** One commit: its records in order, and the document that it leaves behind. */
  committed(records: readonly LogRecord[], document: Shopper): void {
    for (const record of records) this.take(record);
    this.#compare(document);
    this.#book.stored(this.#shopper, document.coupons);
  }

  /** One record of the log, in its order. */
  take(record: LogRecord): void {
    const { input, at } = record;
    this.#endExpired(record);
    if (input.kind === 'event') this.#takeEvent(input, record);
    if (input.kind === 'redeem') this.#book.spend(input.digest, input.order, at);
    if (input.kind === 'claim') this.#takeClaim(input, at);
    // What fires may have to make room first, after all rules before it were asked.
    this.#takeEnds(record, (why) => why !== 'replaced');
    this.#takeReasons(record, input.kind === 'event' ? input : null);
    this.#takeEnds(record, (why) => why === 'replaced');
    for (const { rule } of record.reasons ?? []) this.#takeTurn(rule, at);
  }

  /** What has run out is ended by whatever comes first. */
  #endExpired({ at, ended = [] }: LogRecord): void {
    const expired = ended.flatMap(({ nudge, why }) => (why === 'expired' ? [nudge] : []));
    for (const story of this.nudges.live) {
      if (story.expiresAt <= at && !expired.includes(story.id))
        this.#report('reasonOnRecord', `${story.id} ran out at ${story.expiresAt} and is live at ${at}`);
      if (story.expiresAt > at && expired.includes(story.id))
        this.#report('reasonOnRecord', `${story.id} ends as expired at ${at}, before ${story.expiresAt}`);
    }
  }

  #takeEvent({ event, source }: EventInput, { at, ended = [] }: LogRecord): void {
    if (this.counted.has(event.id))
      this.#report('countedOnce', `${event.name} ${event.id} is in the log again`);
    this.counted.add(event.id);
    if (event.name === 'purchase' && this.#isOldOrder(event.params.transaction_id, source, at)) return;
    if (source === 'page') {
      if (!NO_ACTIVITY.includes(event.name)) this.activeAt = at;
      this.cart.notePage(event.rev ?? 0);
    }
    this.cart.note(event, source);
    if (event.name === 'consent_update') this.#takeConsent(event);
    if (REPORTS_ON_NUDGE.includes(event.name)) this.#takeNudgeReport(event, at);
    if (event.name !== 'purchase') return;
    const order = event.params.transaction_id;
    if (!this.#orders.has(order)) this.#orderedAt = at;
    this.#orders.add(order);
    const left = ended.map(({ nudge }) => nudge);
    for (const { id, rule } of this.nudges.live)
      if (rule.isAboutCart && !left.includes(id))
        this.#report('nothingAfterPurchase', `${id} of ${rule.id} outlives the purchase ${order}`);
  }

  #isOldOrder(order: string, source: 'page' | 'server', at: number): boolean {
    return this.#orders.has(order) && (source === 'server' || at - this.#orderedAt > VISIT_GAP_MS);
  }

  /** The last word counts, in the shopper's own order. */
  #takeConsent({ rev = 0, id, params }: Extract<ShopperEvent, { name: 'consent_update' }>): void {
    const [lastRev, lastId] = this.#consentAt;
    const isLater = rev > lastRev || (rev === lastRev && id > lastId);
    if (!isLater) return;
    this.#consentAt = [rev, id];
    this.#consent = params.marketing ?? this.#consent;
  }

  #takeNudgeReport(event: ShopperEvent, at: number): void {
    const story = this.nudges.all.get('nudge' in event.params ? String(event.params.nudge) : '');
    if (!story) return;
    // Word of a display may come after the end: where a page was allowed to paint, the nudge was seen.
    const isOver = !story.isLive || story.expiresAt <= at;
    if (isOver && !story.isDisplayed && story.tabs.size === 0) return;
    if (isOver) story.isSeenLate = true;
    else story.isDisplayed = true;
    if (event.name !== 'nudge_dismissed') return;
    if (isOver) story.dismissedLateAt = at;
    else story.dismissedAt = at;
  }

  #takeClaim({ nudge, tab, from }: Extract<LogRecord['input'], { kind: 'claim' }>, at: number): void {
    const story = this.nudges.all.get(nudge);
    if (!story?.isLive || story.expiresAt <= at) return;
    const isFirst = story.holder === null && !story.isDisplayed;
    const isAgain = story.holder === tab && (story.rule.isCountdown || !story.isDisplayed);
    if (!isFirst && !isAgain && !(story.rule.isCountdown && from === 'page')) return;
    story.holder = tab;
    story.tabs.set(tab, (story.tabs.get(tab) ?? 0) + 1);
  }

  #takeEnds({ ended = [] }: LogRecord, which: (why: string) => boolean): void {
    for (const { nudge, displayed, why } of ended) {
      if (!which(why)) continue;
      const story = this.nudges.all.get(nudge);
      if (!story?.isLive) this.#report('reasonOnRecord', `${nudge} ended (${why}) and was not live`);
      else if (story.isDisplayed !== displayed)
        this.#report('reasonOnRecord', `${nudge} ended (${why}) as ${displayed ? '' : 'not '}displayed`);
      if (story) story.isLive = false;
    }
  }

  #takeReasons({ reasons = [], at }: LogRecord, input: EventInput | null): void {
    for (const reason of reasons) {
      const rule = this.#shop.rules.get(reason.rule);
      if (!rule) throw new Error(`A rule that the shop does not have: ${reason.rule}`);
      if (reason.result === 'fired') {
        this.#mayFire(rule, at, input);
        const { id, expiresAt } = this.nudges.add(reason.nudge, rule, at);
        if (rule.hasOffer) this.#book.promise(this.#shopper, id, expiresAt);
        this.#fired.set(rule.id, (this.#fired.get(rule.id) ?? 0) + 1);
      } else if (!this.#isHeldJustly(rule, reason.by, at)) {
        this.#report('capsExact', `${rule.id} was held by ${reason.by} at ${at}, and nothing holds it`);
      }
    }
  }

  /** An idle cart brings each rule its turn once, until the shopper does something. */
  #takeTurn(id: string, at: number): void {
    const isIdle = this.#shop.rules.get(id)?.on === 'cart_idle';
    if (isIdle && this.#turnsOf.get(id) === this.activeAt)
      this.#report('deadlinesKept', `${id} has a second turn at ${at} for one idle time`);
    this.#turnsOf.set(id, this.activeAt);
    this.turns.set(id, at);
  }

  #mayFire(rule: RuleFacts, at: number, input: EventInput | null): void {
    const cap = ['already_live', 'dismissed', 'limit', 'budget_spent', 'offer_live']
      .concat(rule.isPromotional ? ['recent_purchase', 'site_limit', 'cooldown'] : [])
      .find((by) => this.#holds(rule, by, at, input?.event.name));
    if (cap) this.#report('capsExact', `${rule.id} fired at ${at} past ${cap}`);
    if (rule.isPromotional && !this.#isAllowed())
      this.#report('consentKept', `${rule.id} fired at ${at} with consent ${this.#consent ?? 'not given'}`);
    if (ABOUT_AN_OPEN_CART.includes(rule.on) && this.cart.lines.size === 0 && !this.cart.isBeyondBounds)
      this.#report('nothingAfterPurchase', `${rule.id} fired at ${at} for an empty cart`);
    if (WAITS_FOR_IDLENESS.includes(rule.on) && at - this.activeAt < rule.afterMs)
      this.#report(
        'deadlinesKept',
        `${rule.id} fired ${at - this.activeAt} ms after the shopper did something`,
      );
    if (rule.on === 'cart_abandoned' && at - this.activeAt < this.#shop.abandonAfterMs)
      this.#report('deadlinesKept', `${rule.id} fired for a cart that is not abandoned`);
    const isAboutCart = input && ['add_to_cart', 'remove_from_cart', 'view_cart'].includes(input.event.name);
    if (isAboutCart && input.event.name === rule.on && this.cart.isBeforePurchase(input.event))
      this.#report('nothingAfterPurchase', `${rule.id} fired at ${at} for what was bought before`);
  }

  #isAllowed(): boolean {
    return this.#consent === 'granted' || (this.#consent === null && !this.#shop.needsConsent);
  }

  #isHeldJustly(rule: RuleFacts, by: string, at: number): boolean {
    if (by === 'dismissed') return this.nudges.mayRest(rule, at);
    return this.#holds(rule, by, at) ?? true;
  }

  /** Undefined for what this history does not follow. */
  #holds(rule: RuleFacts, by: string, at: number, event?: string): boolean | undefined {
    switch (by) {
      case 'already_live':
        return this.nudges.isLive(rule);
      case 'dismissed':
        return this.nudges.isResting(rule, at);
      case 'limit':
        return this.nudges.isAtLimit(rule, at);
      case 'site_limit':
        return this.nudges.isAtSiteLimit(at);
      case 'cooldown':
        return this.nudges.isCooling(at);
      case 'offer_live':
        return rule.hasOffer && this.#book.hasUnspent(this.#shopper, at);
      case 'consent':
        return !this.#isAllowed();
      case 'budget_spent':
        return (this.#fired.get(rule.id) ?? 0) >= rule.budget;
      case 'recent_purchase':
        return event !== 'purchase' && this.#orderedAt + this.#shop.restAfterPurchaseMs > at;
      default:
        return undefined;
    }
  }

  /** The document is what the log adds up to. */
  #compare({ cart, orders, nudges }: Shopper): void {
    const stored = JSON.stringify(sorted(cart.lines.map(({ item_id, quantity }) => [item_id, quantity])));
    const expected = JSON.stringify(sorted([...this.cart.lines]));
    if (stored !== expected && !this.cart.isBeyondBounds)
      this.#report('countedOnce', `the cart is ${stored}, and what was reported adds up to ${expected}`);
    if (orders.count !== this.#orders.size)
      this.#report('countedOnce', `${orders.count} orders are counted of ${this.#orders.size}`);
    const live = nudges.map(({ nudge }) => nudge.id);
    const missing = this.nudges.live.find(({ id }) => !live.includes(id));
    if (missing) this.#report('reasonOnRecord', `${missing.id} is gone without a reason`);
    const undead = live.find((id) => !this.nudges.all.get(id)?.isLive);
    if (undead) this.#report('reasonOnRecord', `${undead} is live, and the log has it ended`);
  }

  /** The nudges that pages may still paint. */
  get painted(): NudgeStory[] {
    return this.nudges.live.filter(({ tabs }) => tabs.size > 0);
  }
}

function sorted(lines: [string, number][]): [string, number][] {
  return lines.sort(([a], [b]) => (a < b ? -1 : 1));
}
