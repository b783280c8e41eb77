import type { LogRecord } from '../../../server/store/log-record.ts';
import type { Commit } from '../../../server/store/store.ts';
import type { Nudge } from '../../../shared/nudge.ts';
import type { Row } from '../world/disk.ts';
import type { HubWatcher } from '../world/hub-side.ts';
import type { PageWatcher, ShopPage } from '../world/shop-page.ts';
import type { Shop } from '../world/shops.ts';
import type { Stage } from '../world/stage.ts';
import { CouponBook } from './coupon-book.ts';
import type { NudgeStory } from './nudge-history.ts';
import { factsOf, type ShopFacts } from './rule-facts.ts';
import { type Fired, ShopperHistory } from './shopper-history.ts';
import type { Invariant, Violation } from './violation.ts';

/** A queue that is this full may have had to drop something. */
const FULL_QUEUE = 95;
/** So long a page may take to hear that a nudge has ended, when all is well. */
const ON_ITS_WAY_MS = 10_000;

interface Painting {
  readonly page: ShopPage;
  readonly tab: string;
}

interface End {
  readonly why: string;
  readonly at: number;
  /** The tab that reported it. */
  readonly reporter: string | undefined;
}

/** Sees everything and touches nothing. Keeps its own history of the world and says when it can't be true. */
export class Observer implements PageWatcher, HubWatcher {
  violation: Violation | null = null;
  /** How often each thing has happened: a world in which nothing does proves nothing. */
  readonly seen = new Map<string, number>();
  /** Where to tell what happens, step by step; null where nobody listens. */
  teller: ((what: string) => void) | null = null;
  readonly book = new CouponBook((invariant, what) => this.#report(invariant, what));
  readonly #shop: ShopFacts;
  readonly #stage: Pick<Stage, 'now' | 'awakeMs'>;
  readonly #shoppers = new Map<string, ShopperHistory>();
  readonly #fired: Fired = new Map();
  /** Every event that some page has kept on its device, by id. */
  readonly #kept = new Map<string, string>();
  readonly #acked = new Map<string, string>();
  /** Where each nudge was painted, and where it was seen. */
  readonly #paintings = new Map<string, Painting[]>();
  readonly #displays = new Map<string, string>();
  readonly #ends = new Map<string, End>();
  #hasFullQueue = false;

  constructor(shop: Shop, stage: Pick<Stage, 'now' | 'awakeMs'>) {
    this.#shop = factsOf(shop);
    this.#stage = stage;
  }

  committed(commit: Commit, { document }: Row): void {
    for (const { input, ended = [], reasons = [] } of commit.records) {
      this.count(input.kind === 'event' ? `${input.source} ${input.event.name}` : input.kind);
      for (const reason of reasons) this.count(reason.result === 'fired' ? 'fired' : `held by ${reason.by}`);
      for (const { nudge, why, displayed } of ended) {
        this.count(`ended ${why}${displayed ? '' : ' unseen'}`);
        const reporter = input.kind === 'event' ? input.tab : undefined;
        this.#ends.set(nudge, { why, at: this.#stage.awakeMs, reporter });
      }
    }
    this.teller?.(commit.records.map(inWords).join('; '));
    this.of(commit.key.shopper).committed(commit.records, document);
  }

  of(shopper: string): ShopperHistory {
    const known = this.#shoppers.get(shopper);
    if (known) return known;
    const report = (invariant: Invariant, what: string) => this.#report(invariant, what);
    const fresh = new ShopperHistory(shopper, this.#shop, this.#fired, this.book, report);
    this.#shoppers.set(shopper, fresh);
    return fresh;
  }

  acks(shopper: string, events: readonly string[]): void {
    for (const id of events) {
      this.#acked.set(id, shopper);
      if (!this.of(shopper).counted.has(id))
        this.#report('countedOnce', `${id} was acked and is not in the log`);
    }
  }

  grants(shopper: string, nudge: string, tab: string): void {
    this.teller?.(`${tab} is granted ${nudge}`);
    const story = this.#story(shopper, nudge);
    const grants = story?.tabs.get(tab) ?? 0;
    if (grants === 0)
      this.#report('paintedOnce', `${tab} was granted ${nudge}, which the log does not allow`);
    story?.tabs.set(tab, grants - 1);
  }

  tells(page: ShopPage, name: string, message: unknown): void {
    this.teller?.(`${page.name} is sent ${name} ${idsIn(message)}`);
    if (name === 'withdraw') this.count(`withdrawn ${(message as { reason: string }).reason}`);
    if (name === 'nudge') this.book.shown(message as Nudge);
    if (name === 'welcome')
      for (const nudge of (message as { nudges: Nudge[] }).nudges) this.book.shown(nudge);
  }

  fails(what: string): void {
    this.#report('nothingUnforeseen', what);
  }

  kept({ device }: ShopPage, queue: string): void {
    let count = 0;
    for (const [, id] of queue.matchAll(/"id":"([0-9A-Z]{26})"/g)) {
      count++;
      if (id !== undefined) this.#kept.set(id, device.shopper);
    }
    if (count >= FULL_QUEUE) this.#hasFullQueue = true;
  }

  paints(page: ShopPage, nudge: Nudge | null): void {
    this.teller?.(`${page.name}, ${page.tab?.id}, paints ${nudge?.id ?? 'nothing'}`);
    if (!nudge) return;
    this.count(`painted ${nudge.kind}`);
    this.book.shown(nudge);
    this.#checkClock(page);
    const tab = page.tab?.id ?? '';
    const story = this.#story(page.device.shopper, nudge.id);
    if (!story?.tabs.has(tab))
      this.#report('paintedOnce', `${tab} paints ${nudge.id}, which it was not granted`);
    const before = this.#paintings.get(nudge.id) ?? [];
    this.#paintings.set(nudge.id, [...before, { page, tab }]);
    if (nudge.kind === 'countdown') return;
    if (before.some((other) => other.tab !== tab))
      this.#report('paintedOnce', `${nudge.id} is painted in a second tab, ${tab}`);
  }

  displays(page: ShopPage, { id, kind }: Nudge): void {
    this.teller?.(`${page.name} has displayed ${id}`);
    const tab = page.tab?.id ?? '';
    const before = this.#displays.get(id) ?? tab;
    const isAgain = this.#displays.has(id);
    if (isAgain && kind !== 'countdown')
      this.#report('paintedOnce', `${id} is displayed in ${tab} after ${before}`);
    this.#displays.set(id, tab);
  }

  /** What pages paint that have been connected for long enough to know better. */
  looks(pages: readonly ShopPage[]): void {
    const longAgo = this.#stage.awakeMs - ON_ITS_WAY_MS;
    for (const { screen, link, isAway, name } of pages) {
      const id = screen.nudge?.id ?? '';
      const end = this.#ends.get(id);
      if (!end || isAway || end.at > longAgo || (link?.welcomedAt ?? Number.POSITIVE_INFINITY) > longAgo)
        continue;
      this.#report(
        end.why === 'purchased' ? 'nothingAfterPurchase' : 'paintedOnce',
        `${name} still paints ${id}, which has ended as ${end.why}`,
      );
    }
  }

  /** Every message has arrived, every page is connected, and every hub is well. */
  settled(pages: readonly ShopPage[], storeNow: number): void {
    this.looks(pages);
    const painted = new Map<string, string>();
    for (const { screen, isVisible, name } of pages) {
      const { nudge } = screen;
      // A page that nobody looks at asks who has the countdown now as soon as it is looked at.
      if (!nudge || !isVisible) continue;
      const other = painted.get(nudge.id);
      if (other) this.#report('paintedOnce', `${nudge.id} is painted by ${other} and ${name}`);
      painted.set(nudge.id, name);
    }
    for (const history of this.#shoppers.values())
      for (const { id, expiresAt } of history.nudges.live)
        if (expiresAt + 20_000 < storeNow)
          this.#report('reasonOnRecord', `${id} ran out long ago and is live`);
  }

  /** Long after: nobody does anything any more, and all that was to happen has. `queues`: what devices still keep to report. */
  ended(queues: readonly string[]): void {
    for (const queue of queues)
      if (queue.includes('"id":')) this.#report('queuesDrain', `a device still keeps ${queue.slice(0, 200)}`);
    if (!this.#hasFullQueue)
      for (const [id, shopper] of this.#kept)
        if (!this.of(shopper).counted.has(id))
          this.#report('countedOnce', `${id} was reported and never counted`);
    for (const [shopper, history] of this.#shoppers) {
      for (const { id } of history.nudges.live) this.#report('reasonOnRecord', `${id} has never ended`);
      if (history.cart.lines.size === 0) continue;
      for (const rule of this.#shop.rules.values())
        if (rule.on === 'cart_idle' && (history.turns.get(rule.id) ?? 0) < history.activeAt + rule.afterMs)
          this.#report('deadlinesKept', `${rule.id} never had its turn for the cart of ${shopper}`);
    }
  }

  /** A page's idea of the hub's time runs on from the last welcome, whatever its device's clock does. */
  #checkClock({ screen, clockSet, name }: ShopPage): void {
    if (!clockSet || !screen.clock) return;
    const expected = clockSet.hubNow + this.#stage.now - clockSet.at;
    if (Math.abs(screen.clock.now() - expected) > 1)
      this.#report('honestCountdown', `${name} takes it to be ${screen.clock.now()}, not ${expected}`);
  }

  #story(shopper: string, nudge: string): NudgeStory | undefined {
    return this.of(shopper).nudges.all.get(nudge);
  }

  /** Notes that something has happened. */
  count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  #report(invariant: Invariant, what: string): void {
    this.violation ??= { invariant, what };
  }
}

function inWords({ shopper, at, input, reasons = [], ended = [] }: LogRecord): string {
  const what =
    input.kind === 'event' ? `${input.event.name} rev ${input.event.rev} of the ${input.source}` : input.kind;
  const about = 'nudge' in input ? ` ${input.nudge} by ${input.tab}` : '';
  const fired = reasons.flatMap((reason) =>
    reason.result === 'fired' ? [`${reason.rule} fires ${reason.nudge}`] : [],
  );
  const left = ended.map(({ nudge, why, displayed }) => `${nudge} ends ${why}${displayed ? '' : ' unseen'}`);
  return [`${shopper.slice(0, 9)} at ${at}: ${what}${about}`, ...fired, ...left].join(', ');
}

function idsIn(message: unknown): string {
  const { id, reason, nudges } = message as { id?: string; reason?: string; nudges?: Nudge[] };
  return nudges ? nudges.map((nudge) => nudge.id).join(' ') : `${id ?? ''} ${reason ?? ''}`;
}
