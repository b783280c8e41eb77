import type { LimitFacts, RuleFacts, ShopFacts } from './rule-facts.ts';

/** One nudge as the log tells of it. */
export interface NudgeStory {
  readonly id: string;
  readonly rule: RuleFacts;
  readonly at: number;
  readonly expiresAt: number;
  isLive: boolean;
  /** Tabs that were allowed to paint it, and how often they have yet to be told so. */
  readonly tabs: Map<string, number>;
  /** The tab that was allowed last. */
  holder: string | null;
  isDisplayed: boolean;
  /** Word of its display came after it had ended. */
  isSeenLate: boolean;
  dismissedAt: number | null;
  /** The same, told when it had ended: whether anybody still knew of it then is not certain. */
  dismissedLateAt: number | null;
}

/** A shopper's nudges and what the caps count of them, added up anew for each question. */
export class NudgeHistory {
  readonly #shop: ShopFacts;
  readonly all = new Map<string, NudgeStory>();

  constructor(shop: ShopFacts) {
    this.#shop = shop;
  }

  get live(): NudgeStory[] {
    return [...this.all.values()].filter(({ isLive }) => isLive);
  }

  add(id: string, rule: RuleFacts, at: number): NudgeStory {
    const story: NudgeStory = {
      id,
      rule,
      at,
      expiresAt: at + rule.validForMs,
      isLive: true,
      tabs: new Map(),
      holder: null,
      isDisplayed: false,
      isSeenLate: false,
      dismissedAt: null,
      dismissedLateAt: null,
    };
    this.all.set(id, story);
    return story;
  }

  isLive(rule: RuleFacts): boolean {
    return this.live.some((story) => story.rule === rule);
  }

  isAtLimit(rule: RuleFacts, now: number): boolean {
    return isReached(
      rule.limit,
      this.#counting((story) => story.rule === rule),
      now,
    );
  }

  isAtSiteLimit(now: number): boolean {
    return isReached(
      this.#shop.limit,
      this.#counting(({ rule }) => rule.isPromotional),
      now,
    );
  }

  isCooling(now: number): boolean {
    return this.#counting(({ rule }) => rule.isPromotional).some(
      ({ at }) => at + this.#shop.cooldownMs > now,
    );
  }

  isResting(rule: RuleFacts, now: number): boolean {
    return this.#isDismissed(rule, now, ({ dismissedAt }) => dismissedAt);
  }

  mayRest(rule: RuleFacts, now: number): boolean {
    return this.#isDismissed(rule, now, ({ dismissedAt, dismissedLateAt }) => dismissedLateAt ?? dismissedAt);
  }

  #isDismissed(rule: RuleFacts, now: number, when: (story: NudgeStory) => number | null): boolean {
    return this.#counting((story) => story.rule === rule).some((story) => {
      const at = when(story);
      return at !== null && at + this.#shop.restAfterDismissalMs > now;
    });
  }

  /** A place is taken from the decision on, and free again once a nudge left that was never displayed. */
  #counting(which: (story: NudgeStory) => boolean): NudgeStory[] {
    const counting: NudgeStory[] = [];
    for (const story of this.all.values()) {
      const takesPlace = story.isLive || story.isDisplayed || story.isSeenLate;
      if (takesPlace && which(story)) counting.push(story);
    }
    return counting;
  }
}

function isReached(limit: LimitFacts | null, counting: readonly NudgeStory[], now: number): boolean {
  if (!limit) return false;
  return counting.filter(({ at }) => at > now - limit.perMs).length >= limit.times;
}
