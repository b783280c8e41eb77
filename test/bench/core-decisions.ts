import { decide } from '../../server/core/decide.ts';
import type { Input } from '../../server/core/inputs.ts';
import { randomFrom } from '../../server/core/random.ts';
import type { Learned, PairCounts } from '../../server/core/recommend.ts';
import { newShopper, type Shopper } from '../../server/core/shopper.ts';
import { compileSite, type LiveSite } from '../../server/core/site.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId } from '../../shared/ids.ts';
import { SiteFile } from '../../shared/site.ts';
import { answer } from './answer.ts';
import { median } from './percentiles.ts';

export interface CoreFigure {
  readonly rules: number;
  /** Whether one of the rules on the trigger fires; otherwise each is held by its last condition. */
  readonly fires: boolean;
  readonly decisionsPerSecond: number;
}

const ON_TRIGGER = 20;
const SHOPPERS = 64;
const EVENTS = 64;
const ROUNDS = 3;
const WARM_UP_MS = 300;
const ROUND_MS = 400;
const BETWEEN_LOOKS_AT_THE_CLOCK = 256;
const NOW = 1_795_000_000_000;

interface Variant {
  readonly rules: number;
  readonly fires: boolean;
  readonly live: LiveSite;
  readonly shoppers: readonly Shopper[];
}

/**
 * Decisions per second of CPU: an `add_to_cart` against 20 rules of three conditions each on its trigger. The variants
 * take turns, so that what else the machine does falls on all of them.
 */
function measureCore(): CoreFigure[] {
  const variants = [ON_TRIGGER, 100, 500].flatMap((rules) =>
    [false, true].map((fires) => variantOf(rules, fires)),
  );
  for (const variant of variants) decisionsPerSecond(variant, WARM_UP_MS);
  const rounds = Array.from({ length: ROUNDS }, () =>
    variants.map((variant) => decisionsPerSecond(variant, ROUND_MS)),
  );
  return variants.map(({ rules, fires }, index) => ({
    rules,
    fires,
    decisionsPerSecond: median(rounds.map((figures) => figures[index] ?? Number.NaN)),
  }));
}

function variantOf(rules: number, fires: boolean): Variant {
  const live = liveSite(rules, fires);
  const shoppers = Array.from({ length: SHOPPERS }, (_, index) => shopperWithCart(index, live));
  const isAsMeant = shoppers.every((shopper) => {
    const { effects } = decide(shopper, addToCart(0, 1_000), live, NOW, randomFrom([1, 2, 3, 4]));
    return effects.length > 0 === fires;
  });
  if (!isAsMeant) throw new Error('The rules did not do what is measured.');
  return { rules, fires, live, shoppers };
}

function decisionsPerSecond({ live, shoppers }: Variant, forMs: number): number {
  const random = randomFrom([1, 2, 3, 4]);
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  while (performance.now() - startedAt < forMs) {
    for (let step = 0; step < BETWEEN_LOOKS_AT_THE_CLOCK; step++) {
      // Not the same pair each time: what the decision is about must not be a constant to the compiler.
      const shopper = shoppers[count % SHOPPERS];
      const input = inputs[(count * 7) % EVENTS];
      if (shopper && input) decide(shopper, input, live, NOW, random);
      count++;
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (count * 1e6) / (user + system);
}

function shopperWithCart(index: number, live: LiveSite): Shopper {
  const id = ShopperId.parse(`bench${String(index).padStart(17, '0')}`);
  let shopper = newShopper(id, NOW - 60_000);
  for (let rev = 1; rev <= 3; rev++) {
    const { shopper: next } = decide(
      shopper,
      addToCart(index * 3 + rev, rev),
      { ...live, site: { ...live.site, rulesOn: { ...live.site.rulesOn, add_to_cart: [] } } },
      NOW - 30_000,
      randomFrom([1, 2, 3, rev]),
    );
    shopper = next;
  }
  return shopper;
}

function addToCart(item: number, rev: number): Input {
  const event = ShopperEvent.parse({
    id: `event-${String(item).padStart(8, '0')}-${rev}`,
    name: 'add_to_cart',
    at: NOW,
    rev,
    params: {
      currency: 'EUR',
      value: 18.5,
      items: [{ item_id: `item-${item % 200}`, price: 18.5, quantity: 1 }],
    },
  });
  return { kind: 'event', source: 'page', event };
}

function liveSite(rules: number, fires: boolean): LiveSite {
  const file = SiteFile.parse({
    id: 'bench',
    publishableKey: 'pk_bench',
    secretKey: 'sk_bench_bench',
    origins: ['http://bench.example'],
    currency: 'EUR',
    settings: { holdoutPercent: 0 },
    rules: Array.from({ length: rules }, (_, index) => rule(index, fires && index === ON_TRIGGER / 2)),
  });
  return { site: compileSite(file, 1, new Map()), learned: nothingLearned, spentBudgets: new Set() };
}

function rule(index: number, fires: boolean) {
  return {
    id: `rule-${index}`,
    status: 'published',
    on: index < ON_TRIGGER ? 'add_to_cart' : 'begin_checkout',
    when: {
      'cart.value': { $gte: 10 + (index % 10) },
      'shopper.orders': 0,
      'event.item_ids': fires ? { $nin: ['no-such-item'] } : { $in: [`no-such-item-${index}`] },
    },
    nudge: { kind: 'toast', title: 'Your cart is worth {{cart.value}}', validFor: '10m' },
    priority: index % 100,
  };
}

const inputs = Array.from({ length: EVENTS }, (_, index) => addToCart(index, 1_000 + index));
const noPairs: PairCounts = { count: () => 0, with: () => [] };
const nothingLearned: Learned = { viewed: noPairs, carted: noPairs, bought: noPairs, popular: [] };

answer(measureCore());
