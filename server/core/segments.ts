import type { Segment } from '../../shared/segment.ts';
import type { Fault } from '../../shared/errors.ts';
import { compileConditions, type Condition, firstFailure, nextFlip } from './conditions/conditions.ts';
import type { Facts } from './conditions/facts.ts';
import { fieldsOfSegments } from './conditions/site-fields.ts';
import type { Shopper } from './shopper.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Site } from './site.ts';
import { draft, type Turn } from './turn.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface CompiledSegment {
  readonly id: string;
  readonly conditions: readonly Condition<Facts>[];
}

/** All that is wrong with a segment beyond its shape, with paths from its root. */
export function segmentFaults(segment: Segment, vocabulary: Vocabulary): Fault[] {
  const { faults } = compileConditions(fieldsOfSegments(vocabulary), segment.when, 'when');
  if (faults.length > 0 || Object.keys(segment.when).length > 0) return [...faults];
  return [{ path: 'when', message: 'Say who is in it.' }];
}

/** Segments without faults; one that has some has no members. */
export function compileSegments(segments: readonly Segment[], vocabulary: Vocabulary): CompiledSegment[] {
  const fields = fieldsOfSegments(vocabulary);
  return segments
    .filter((segment) => segmentFaults(segment, vocabulary).length === 0)
    .map(({ id, when }) => ({ id, conditions: compileConditions(fields, when, 'when').conditions }));
}

const NO_RULES: readonly CompiledRule[] = [];

/** Brings the document's segments up to date, and returns the rules that wait for just this coming or going. */
export function noteSegments(turn: Turn): readonly CompiledRule[] {
  const { shopper, now } = turn;
  const { site } = turn.live;
  if (site.segments.length === 0 && shopper.segments.length === 0) return NO_RULES;
  const facts = factsOf(shopper, site, now);
  const segments = site.segments
    .filter(({ conditions }) => firstFailure(conditions, facts) === undefined)
    .map(({ id }) => id);
  const entered = segments.filter((id) => !shopper.segments.includes(id));
  const left = shopper.segments.filter((id) => !segments.includes(id));
  if (entered.length === 0 && left.length === 0) return [];
  draft(turn).segments = segments;
  turn.entered.push(...entered);
  turn.left.push(...left);
  const { segment_entered, segment_left } = site.rulesOn;
  return [
    ...segment_entered.filter(({ rule }) => rule.segment !== undefined && entered.includes(rule.segment)),
    ...segment_left.filter(({ rule }) => rule.segment !== undefined && left.includes(rule.segment)),
  ];
}

/** When time alone may bring the shopper into a segment or out of one. */
export function nextSegmentChange(shopper: Shopper, site: Site, now: number): number {
  if (site.segments.length === 0) return Number.POSITIVE_INFINITY;
  const facts = factsOf(shopper, site, now);
  return Math.min(...site.segments.map(({ conditions }) => nextFlip(conditions, facts, now)));
}

function factsOf(shopper: Shopper, site: Site, now: number): Facts {
  return { shopper, event: null, now, timeZone: shopper.timeZone ?? site.timeZone };
}
