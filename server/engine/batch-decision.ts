import { type CaptureFault, captureFaults } from '../core/capture-faults.ts';
import { decide, type Decision } from '../core/decide.ts';
import type { Answer, Input } from '../core/inputs.ts';
import type { BudgetTake } from '../core/offers.ts';
import { randomFrom } from '../core/random.ts';
import { currentShape, newShopper, type Shopper } from '../core/shopper.ts';
import type { LiveSite } from '../core/site.ts';
import type { LogRecord } from '../store/log-record.ts';
import type { Commit, ShopperKey, Stored } from '../store/store.ts';
import type { Seed } from './seeds.ts';

/** What became of a list of inputs that were given together. */
export interface Outcome {
  /** Of the inputs' events: how many were counted before and changed nothing. */
  readonly duplicates: number;
  /** How many were not kept, as the shopper does not allow it. */
  readonly unkept: number;
  /** It was decided for whoever the shopper turned out to be. */
  readonly isPassedOn?: boolean;
  /** The answer to the last input that asks something. */
  readonly answer: Answer;
}

export const nothingAsked: Outcome = { duplicates: 0, unkept: 0, answer: { kind: 'none' } };

/** Inputs that were given together. */
export interface Asked {
  readonly inputs: readonly Input[];
  readonly receivedAt: number;
}

/** One input, and what was decided on it. */
export interface Step {
  readonly input: Input;
  readonly receivedAt: number;
  readonly decision: Decision;
  /** What was wrong with how a page told it. */
  readonly faults: readonly CaptureFault[];
}

/** What a batch comes to: the answers, and the one commit that makes them true. */
export interface DecidedBatch {
  readonly outcomes: readonly Outcome[];
  readonly steps: readonly Step[];
  readonly commit: Commit;
}

/** Decides inputs of one shopper one after the other, each upon what the one before has made of them. */
export function decideBatch(
  key: ShopperKey,
  stored: Stored,
  batch: readonly Asked[],
  live: LiveSite,
  seed: Seed,
): DecidedBatch {
  const random = randomFrom(seed);
  const counts: string[] = [];
  const isCounted = (id: string) => stored.counted.has(id) || counts.includes(id);
  const steps: Step[] = [];
  let shopper = stored.document ? currentShape(stored.document) : newShopper(key.shopper, stored.now);
  const outcomes = batch.map(({ inputs, receivedAt }) => {
    let duplicates = 0;
    let unkept = 0;
    let answer: Answer = { kind: 'none' };
    for (const input of inputs) {
      const id = input.kind === 'event' ? input.event.id : undefined;
      if (id !== undefined && isCounted(id)) {
        duplicates++;
        continue;
      }
      const decision = decide(shopper, input, live, stored.now, random);
      if (decision.isUnkept) {
        if (id !== undefined) unkept++;
        continue;
      }
      if (id !== undefined) counts.push(id);
      if (decision.answer.kind !== 'none') answer = decision.answer;
      const isNothing = decision.shopper === shopper && decision.reasons.length === 0;
      if (isNothing && id === undefined) continue;
      steps.push({ input, receivedAt, decision, faults: faultsIn(input, live, shopper) });
      shopper = decision.shopper;
    }
    return { duplicates, unkept, answer };
  });
  const records = steps.map((step) => recordOf(key, live.site.version, seed, stored.now, step));
  const coupons: string[] = [];
  const budgets: BudgetTake[] = [];
  for (const { decision } of steps) {
    coupons.push(...decision.coupons);
    budgets.push(...decision.budgets);
  }
  const { version, madeBy, now: at } = stored;
  const commit = { key, version, madeBy, at, document: shopper, counts, records, coupons, budgets };
  return { outcomes, steps, commit };
}

export function eventIds(batch: readonly Asked[]): string[] {
  const ids: string[] = [];
  for (const { inputs } of batch)
    for (const input of inputs) if (input.kind === 'event') ids.push(input.event.id);
  return ids;
}

/** A shop's server knows what it says: what is watched is whether its pages do. */
function faultsIn(input: Input, { site }: LiveSite, before: Shopper): readonly CaptureFault[] {
  return input.kind === 'event' && input.source === 'page' ? captureFaults(input.event, site, before) : [];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function recordOf(
  key: ShopperKey,
  version: number,
  seed: Seed,
  at: number,
  { input, decision, faults }: Step,
): LogRecord {
  const { steps, reasons, ended, together, entered, left, journeys, redeemed } = decision;
  const { site, shopper } = key;
  // Written out: this is done for every event, and spreading costs many times as much.
  const record: Writable<LogRecord> = { at, site, shopper, version, seed, input };
  if (steps.length > 0) record.steps = steps;
  if (reasons.length > 0) record.reasons = reasons;
  if (ended.length > 0) record.ended = ended;
  if (together.length > 0) record.together = together;
  if (redeemed.length > 0) record.redeemed = redeemed;
  if (journeys.length > 0) record.journeys = journeys;
  if (entered.length > 0) record.entered = entered;
  if (left.length > 0) record.left = left;
  if (faults.length > 0) record.faults = faults;
  return record;
}
