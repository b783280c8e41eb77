import jsonLogic, { type RulesLogic } from 'json-logic-js';
import { Engine } from 'json-rules-engine';
import { compileConditions, firstFailure } from '../../server/core/conditions/conditions.ts';
import type { Facts } from '../../server/core/conditions/facts.ts';
import { FIELDS } from '../../server/core/conditions/fields.ts';
import { newShopper } from '../../server/core/shopper.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId } from '../../shared/ids.ts';
import { answer } from './answer.ts';
import { median } from './percentiles.ts';

export interface ConditionsFigure {
  readonly by: 'Cartbell' | 'json-logic-js' | 'json-rules-engine';
  /** Evaluations of one rule of three conditions. */
  readonly rulesPerSecond: number;
}

/** What the rules are asked about. The others get it as they read it fastest: plain, and at the top. */
interface Case {
  readonly facts: Facts;
  readonly plain: {
    readonly cartValue: number;
    readonly orders: number;
    readonly itemIds: readonly string[];
  };
}

interface Contender {
  readonly by: ConditionsFigure['by'];
  /** Whether each rule holds. */
  verdicts(given: Case): readonly boolean[] | Promise<readonly boolean[]>;
  /** How many rules hold: no more work than the contender needs to tell. */
  held(given: Case): number | Promise<number>;
}

const CASES = 64;
const ROUNDS = 3;
const WARM_UP_MS = 500;
const ROUND_MS = 500;
const NOW = 1_795_000_000_000;

const rules = Array.from({ length: 20 }, (_, index) => ({
  name: `rule-${index}`,
  leastValue: 10 + (index % 10),
  itemId: `item-${index}`,
}));

/**
 * Evaluations of one rule per second of CPU, by Cartbell and by two well-known engines. The contenders take turns, so
 * that what else the machine does falls on all of them.
 */
async function measureConditions(): Promise<ConditionsFigure[]> {
  const contenders = [cartbell(), logic(), engine()];
  const heldOfAll = await commonHeld(contenders);
  for (const contender of contenders) await rulesPerSecond(contender, heldOfAll, WARM_UP_MS);
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const figures: number[] = [];
    for (const contender of contenders) figures.push(await rulesPerSecond(contender, heldOfAll, ROUND_MS));
    rounds.push(figures);
  }
  return contenders.map(({ by }, index) => ({
    by,
    rulesPerSecond: median(rounds.map((figures) => figures[index] ?? Number.NaN)),
  }));
}

/** How many of all verdicts are that the rule holds: the same verdicts by each contender, or there is nothing to compare. */
async function commonHeld(contenders: readonly Contender[]): Promise<number> {
  const [first = [], ...others] = await Promise.all(
    contenders.map(async (contender) => {
      const perCase: boolean[] = [];
      for (const given of cases) perCase.push(...(await contender.verdicts(given)));
      return perCase;
    }),
  );
  const isSame = others.every(
    (verdicts) =>
      verdicts.length === first.length && verdicts.every((holds, index) => holds === first[index]),
  );
  const held = first.filter(Boolean).length;
  if (!isSame || held === 0 || held === first.length) throw new Error('The engines do not do the same.');
  return held;
}

async function rulesPerSecond(contender: Contender, heldOfAll: number, forMs: number): Promise<number> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let rounds = 0;
  let held = 0;
  while (performance.now() - startedAt < forMs) {
    for (const given of cases) {
      const found = contender.held(given);
      held += typeof found === 'number' ? found : await found;
    }
    rounds++;
  }
  const { user, system } = process.cpuUsage(before);
  if (held !== rounds * heldOfAll) throw new Error(`${contender.by} changed its mind.`);
  return (rounds * CASES * rules.length * 1e6) / (user + system);
}

function cartbell(): Contender {
  const compiled = rules.map(({ leastValue, itemId }) => {
    const when = {
      'cart.value': { $gte: leastValue },
      'shopper.orders': 0,
      'event.item_ids': { $in: [itemId] },
    };
    return compileConditions(FIELDS, when, 'when').conditions;
  });
  return {
    by: 'Cartbell',
    verdicts: ({ facts }) => compiled.map((conditions) => firstFailure(conditions, facts) === undefined),
    held: ({ facts }) => {
      let held = 0;
      for (const conditions of compiled) if (firstFailure(conditions, facts) === undefined) held++;
      return held;
    },
  };
}

function logic(): Contender {
  const written = rules.map(({ leastValue, itemId }): RulesLogic => ({
    and: [
      { '>=': [{ var: 'cartValue' }, leastValue] },
      { '===': [{ var: 'orders' }, 0] },
      { in: [itemId, { var: 'itemIds' }] },
    ],
  }));
  return {
    by: 'json-logic-js',
    verdicts: ({ plain }) => written.map((rule) => jsonLogic.apply(rule, plain) === true),
    held: ({ plain }) => {
      let held = 0;
      for (const rule of written) if (jsonLogic.apply(rule, plain) === true) held++;
      return held;
    },
  };
}

function engine(): Contender {
  const built = new Engine(
    rules.map(({ name, leastValue, itemId }) => ({
      name,
      conditions: {
        all: [
          { fact: 'cartValue', operator: 'greaterThanInclusive', value: leastValue },
          { fact: 'orders', operator: 'equal', value: 0 },
          { fact: 'itemIds', operator: 'contains', value: itemId },
        ],
      },
      event: { type: name },
    })),
  );
  return {
    by: 'json-rules-engine',
    verdicts: async ({ plain }) => {
      const { results } = await built.run(plain);
      return rules.map(({ name }) => results.some((result) => result.name === name));
    },
    held: async ({ plain }) => (await built.run(plain)).results.length,
  };
}

/** Nearly all rules are held by their last condition; in some cases the first, the second or none holds them. */
function caseOf(index: number): Case {
  const plain = {
    cartValue: 12.5 + index,
    orders: index % 16 === 15 ? 1 : 0,
    itemIds: [`item-${index}`, `item-${index + CASES}`],
  };
  const shopper = newShopper(ShopperId.parse(`bench${String(index).padStart(17, '0')}`), NOW - 60_000);
  const event = ShopperEvent.parse({
    id: `event-${String(index).padStart(8, '0')}`,
    name: 'add_to_cart',
    at: NOW,
    rev: 1,
    params: {
      currency: 'EUR',
      value: 18.5,
      items: plain.itemIds.map((id) => ({ item_id: id, price: 18.5, quantity: 1 })),
    },
  });
  const facts: Facts = {
    shopper: {
      ...shopper,
      cart: { ...shopper.cart, value: plain.cartValue },
      orders: { ...shopper.orders, count: plain.orders },
    },
    event,
    now: NOW,
    timeZone: 'UTC',
  };
  return { facts, plain };
}

const cases = Array.from({ length: CASES }, (_, index) => caseOf(index));

answer(await measureConditions());
