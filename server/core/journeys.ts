import { followersOf, type Channel, type Step } from '../../shared/journey.ts';
import type { Rule } from '../../shared/rule.ts';
import { durationMs } from '../../shared/duration.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import { liveCoupons } from './offers.ts';
import type { Reason } from './reasons.ts';
import { type Journey, KEPT } from './shopper.ts';
import { draft, type Turn } from './turn.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A journey's steps, ready to be decided, and what ends it. */
export interface CompiledJourney {
  readonly first: string;
  readonly steps: ReadonlyMap<string, CompiledStep>;
  readonly until: readonly string[];
  /** Whether it is about the cart, and so about nothing once that is bought or emptied. */
  readonly aboutCart: boolean;
}

export interface CompiledStep {
  /** The step as a rule of its own, which goes by `rule/step`. */
  readonly compiled: CompiledRule;
  readonly afterMs: number;
  readonly channel: Channel;
  readonly next: string;
  readonly otherwise: string;
}

/** Why a journey is over. `done`: its last step had its turn. `withdrawn`: its rule is no longer published so. */
export type JourneyEnd = 'done' | 'purchased' | 'until' | 'dismissed' | 'cart_gone' | 'withdrawn';

/** Channels that this hub can send on. */
const DELIVERED: readonly Channel[] = ['in_page'];
const TRY_AGAIN_MS = 60_000;

/** Rules on these are about the shopper; rules on anything else are about the cart that they have. */
const ABOUT_SHOPPER: readonly string[] = [
  'first_visit',
  'return_visit',
  'sign_up',
  'login',
  'segment_entered',
  'segment_left',
  'schedule',
  'api',
  'purchase',
  'refund',
  'cart_recovered',
];

export function compileJourney(
  rule: Rule,
  vocabulary: Vocabulary,
  staleAfter: string,
): CompiledJourney | null {
  const { steps, until = ['purchase'] } = rule;
  const [first] = steps ?? [];
  if (!steps || !first) return null;
  const compile = (step: Step, place: number): [string, CompiledStep] => [
    step.id,
    {
      compiled: compileRule(ruleOfStep(rule, step), vocabulary, staleAfter),
      afterMs: durationMs(step.after),
      channel: step.channel,
      ...followersOf(steps, place),
    },
  ];
  const aboutCart = !ABOUT_SHOPPER.includes(rule.on) && !vocabulary.events.has(rule.on);
  return { first: first.id, steps: new Map(steps.map(compile)), until, aboutCart };
}

/** A step as a rule of its own: the site's limits hold for it, those of its rule have had their say. */
export function ruleOfStep(rule: Rule, step: Step): Rule {
  const {
    limit: _limit,
    steps: _steps,
    until: _until,
    offer: _offer,
    experiment: _experiment,
    ...common
  } = rule;
  const { id, when, nudge, offer } = step;
  return { ...common, id: `${rule.id}/${id}`, when, nudge, ...(offer ? { offer } : {}) };
}

/** Begins what follows a rule's nudge. One that is under way goes on; an eleventh beside ten others is not begun. */
export function beginJourney(turn: Turn, { rule }: CompiledRule): void {
  const journey = turn.live.site.journeys.get(rule.id);
  const { journeys } = turn.shopper;
  if (!journey || journeys.length >= KEPT.journeys || journeys.some((other) => other.rule === rule.id))
    return;
  const dueAt = turn.now + (journey.steps.get(journey.first)?.afterMs ?? 0);
  draft(turn).journeys = [...journeys, { rule: rule.id, step: journey.first, startedAt: turn.now, dueAt }];
  turn.journeys.push({ rule: rule.id, what: 'begun' });
}

/** The journeys whose step is due, with the rules that these steps are. Those that have lost their reason end here. */
export function dueSteps(turn: Turn): { journey: Journey; step: CompiledStep }[] {
  return turn.shopper.journeys.flatMap((journey) => {
    if (journey.dueAt > turn.now) return [];
    const definition = turn.live.site.journeys.get(journey.rule);
    const step = definition?.steps.get(journey.step);
    if (!definition || !step) {
      endJourney(turn, journey, 'withdrawn');
      return [];
    }
    if (definition.aboutCart && turn.shopper.cart.lines.length === 0) {
      endJourney(turn, journey, 'cart_gone');
      return [];
    }
    return [{ journey, step }];
  });
}

export function isDelivered({ channel }: CompiledStep): boolean {
  return DELIVERED.includes(channel);
}

/** After the due steps had their say: each journey goes on, waits for what held it back, or is over. */
export function advanceJourneys(turn: Turn, due: readonly { journey: Journey; step: CompiledStep }[]): void {
  for (const { journey, step } of due) {
    if (!turn.shopper.journeys.includes(journey)) continue;
    const reason = turn.reasons.findLast(({ rule }) => rule === step.compiled.rule.id);
    const retryAt = retryTime(turn, reason);
    if (retryAt !== null) replaceJourney(turn, journey, { ...journey, dueAt: retryAt });
    else goOn(turn, journey, isHeldByCondition(reason) ? step.otherwise : step.next);
  }
}

/** Ends the journeys that wait for one of these triggers no longer. An order told again ends none that it began. */
export function endJourneysBy(turn: Turn, triggers: readonly string[], isNew: boolean): void {
  const isBought = triggers.includes('purchase');
  for (const journey of turn.shopper.journeys) {
    const definition = turn.live.site.journeys.get(journey.rule);
    if (isBought && (definition?.aboutCart ?? true)) endJourney(turn, journey, 'purchased');
    else if (isNew && definition?.until.some((trigger) => triggers.includes(trigger)))
      endJourney(turn, journey, 'until');
  }
}

/** Whoever dismisses one of a journey's nudges gets no further ones. */
export function endJourneyOf(turn: Turn, rule: string): void {
  const [base] = rule.split('/');
  const journey = turn.shopper.journeys.find((other) => other.rule === base);
  if (journey) endJourney(turn, journey, 'dismissed');
}

function goOn(turn: Turn, journey: Journey, target: string): void {
  const next = turn.live.site.journeys.get(journey.rule)?.steps.get(target);
  if (next) replaceJourney(turn, journey, { ...journey, step: target, dueAt: turn.now + next.afterMs });
  else endJourney(turn, journey, 'done');
}

/** When to ask again about a step that something held back which passes by itself; null: the journey goes on. */
function retryTime({ shopper, now }: Turn, reason: Reason | undefined): number | null {
  if (reason?.result !== 'held') return null;
  switch (reason.by) {
    case 'quiet_hours':
    case 'snoozed':
    case 'cooldown':
    case 'recent_purchase':
    case 'young_cart':
      return reason.until;
    case 'offer_live':
      return Math.min(
        ...liveCoupons(shopper, now).map(({ expiresAt }) => expiresAt),
        now + TRY_AGAIN_MS * 60,
      );
    case 'site_paused':
      return now + TRY_AGAIN_MS * 60;
    case 'outranked':
    case 'already_live':
      return now + TRY_AGAIN_MS;
    default:
      return null;
  }
}

function isHeldByCondition(reason: Reason | undefined): boolean {
  return reason?.result === 'held' && reason.by === 'condition';
}

function endJourney(turn: Turn, journey: Journey, why: JourneyEnd): void {
  draft(turn).journeys = turn.shopper.journeys.filter((other) => other !== journey);
  turn.journeys.push({ rule: journey.rule, what: 'ended', why });
}

function replaceJourney(turn: Turn, before: Journey, after: Journey): void {
  draft(turn).journeys = turn.shopper.journeys.map((journey) => (journey === before ? after : journey));
}
