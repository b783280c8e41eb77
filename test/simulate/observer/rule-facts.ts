import type { GivenRule, Shop } from '../world/shops.ts';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DEFAULT_VALID_FOR_MS = 10 * UNITS.m;

export interface LimitFacts {
  readonly times: number;
  readonly perMs: number;
}

/** A rule as its owner wrote it, read without the product's help. */
export interface RuleFacts {
  readonly id: string;
  readonly on: GivenRule['on'];
  readonly afterMs: number;
  readonly validForMs: number;
  readonly limit: LimitFacts | null;
  readonly hasOffer: boolean;
  readonly budget: number;
  readonly isPromotional: boolean;
  readonly isCountdown: boolean;
  readonly isAboutCart: boolean;
}

export interface ShopFacts {
  readonly rules: ReadonlyMap<string, RuleFacts>;
  readonly limit: LimitFacts | null;
  readonly cooldownMs: number;
  readonly restAfterDismissalMs: number;
  readonly restAfterPurchaseMs: number;
  readonly abandonAfterMs: number;
  readonly needsConsent: boolean;
}

function ms(text: string | undefined): number {
  if (text === undefined) return 0;
  return Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS];
}

function limitFacts(limit: { times: number; per: string } | undefined): LimitFacts | null {
  return limit ? { times: limit.times, perMs: ms(limit.per) } : null;
}

export function factsOf({ rules, settings }: Shop): ShopFacts {
  return {
    rules: new Map(rules.flatMap(withSteps).map((rule) => [rule.id, ruleFacts(rule)])),
    limit: limitFacts(settings?.limit),
    cooldownMs: ms(settings?.cooldown),
    restAfterDismissalMs: ms(settings?.restAfterDismissal),
    restAfterPurchaseMs: ms(settings?.restAfterPurchase),
    abandonAfterMs: ms(settings?.abandonAfter),
    needsConsent: settings?.consent === 'required',
  };
}

/** A step goes by `rule/step`, and is bound by what the site says alone. */
function withSteps({ steps = [], ...rule }: GivenRule): GivenRule[] {
  const { limit: _limit, offer: _offer, ...common } = rule;
  const asRules = steps.map(({ id, nudge, offer }) => ({
    ...common,
    id: `${rule.id}/${id}`,
    nudge,
    ...(offer ? { offer } : {}),
  }));
  return [rule, ...asRules];
}

function ruleFacts(rule: GivenRule): RuleFacts {
  return {
    id: rule.id,
    on: rule.on,
    afterMs: ms(rule.after),
    validForMs: ms(rule.offer?.validFor ?? rule.nudge.validFor) || DEFAULT_VALID_FOR_MS,
    limit: limitFacts(rule.limit),
    hasOffer: rule.offer !== undefined,
    budget: rule.offer?.budget?.count ?? Number.POSITIVE_INFINITY,
    isPromotional: rule.class !== 'transactional',
    isCountdown: rule.nudge.kind === 'countdown',
    isAboutCart: !['purchase', 'refund', 'cart_recovered'].includes(rule.on),
  };
}
