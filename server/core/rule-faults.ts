import { didYouMean } from '../../shared/did-you-mean.ts';
import { type Fault, MOST_FAULTS } from '../../shared/errors.ts';
import { textsOf } from '../../shared/localized-text.ts';
import { JOURNEY_ENDS, type Rule, ruleOfArm } from '../../shared/rule.ts';
import { isTrigger, TRIGGERS, WATCH_TRIGGERS } from '../../shared/trigger.ts';
import { compileConditions } from './conditions/conditions.ts';
import { fieldsOfRules } from './conditions/site-fields.ts';
import { ruleOfStep } from './journeys.ts';
import { type Need, variablesOf } from './template-variables.ts';
import { templateFaults } from './templates.ts';
import type { Vocabulary } from './vocabulary.ts';
import { momentMs } from './zoned-time.ts';

/** All that is wrong with a rule beyond its shape, for a site with this vocabulary; paths are from the rule's root. */
export function ruleFaults(rule: Rule, vocabulary: Vocabulary): Fault[] {
  const faults = ownFaults(rule, vocabulary);
  if (faults.length > 0) return faults;
  return [...untilFaults(rule, vocabulary), ...stepFaults(rule, vocabulary), ...armFaults(rule, vocabulary)];
}

function ownFaults(rule: Rule, vocabulary: Vocabulary): Fault[] {
  const conditions = compileConditions(fieldsOfRules(vocabulary, rule.on), rule.when, 'when').faults;
  return [
    ...triggerFaults(rule, vocabulary),
    ...conditions,
    ...periodFaults(rule),
    ...wordingFaults(rule, vocabulary),
  ];
}

function triggerFaults({ on, segment }: Rule, { events, segments }: Vocabulary): Fault[] {
  if (segment !== undefined && !segments.includes(segment)) {
    const message = `The site has no segment "${segment}".${didYouMean(segment, segments)}`;
    return [{ path: 'segment', message }];
  }
  if (isTrigger(on) || events.has(on)) return [];
  const hint = didYouMean(on, [...TRIGGERS, ...events.keys()]);
  return [
    { path: 'on', message: `Unknown trigger "${on}".${hint} A shop's own event is declared in "events".` },
  ];
}

function periodFaults({ from, to }: Rule): Fault[] {
  if (from === undefined || to === undefined || momentMs(from) < momentMs(to)) return [];
  return [{ path: 'to', message: 'Later than "from".' }];
}

function wordingFaults(rule: Rule, vocabulary: Vocabulary): Fault[] {
  const variables = variablesOf(vocabulary, rule.on);
  const { title, body, cta, goal } = rule.nudge;
  const texts = [
    { path: 'nudge.title', text: title },
    { path: 'nudge.body', text: body },
    { path: 'nudge.cta.label', text: cta?.label },
    { path: 'nudge.cta.href', text: cta?.href },
    { path: 'nudge.goal.reached', text: goal?.reached },
  ];
  const faults: Fault[] = [];
  for (const { path, text } of texts) {
    for (const [locale, words] of text === undefined ? [] : textsOf(text)) {
      if (faults.length >= MOST_FAULTS) return faults;
      const here = locale ? `${path}.${locale}` : path;
      faults.push(...templateFaults(words, variables, needsMetBy(rule), here));
    }
  }
  return faults;
}

function needsMetBy({ on, offer }: Rule): ReadonlySet<Need> {
  const met: Need[] = [];
  if (offer) met.push('offer');
  for (const part of ['percentOff', 'amountOff', 'minimum', 'points', 'gift'] as const)
    if (offer?.[part] !== undefined) met.push(part);
  if (WATCH_TRIGGERS.some((trigger) => trigger === on)) met.push('change');
  if (on === 'cart_threshold') met.push('threshold');
  return new Set(met);
}

/** A step is checked as the rule that it is by itself. Nothing that its rule's event told is known by then. */
function stepFaults(rule: Rule, vocabulary: Vocabulary): Fault[] {
  return (rule.steps ?? []).flatMap((step, place) =>
    ownFaults({ ...ruleOfStep(rule, step), on: 'api' }, vocabulary).map((fault) =>
      under(`steps.${place}`, fault),
    ),
  );
}

function armFaults(rule: Rule, vocabulary: Vocabulary): Fault[] {
  return (rule.experiment?.arms ?? []).flatMap((arm, place) => {
    const { data } = ruleOfArm(rule, arm);
    const faults = data ? ownFaults(data, vocabulary) : [];
    return faults.map((fault) => under(`experiment.arms.${place}.change`, fault));
  });
}

function untilFaults({ until = [] }: Rule, { events }: Vocabulary): Fault[] {
  return until.flatMap((trigger, place) => {
    const ends = [...JOURNEY_ENDS, ...events.keys()];
    if (ends.includes(trigger)) return [];
    const message = `"${trigger}" ends no journey.${didYouMean(trigger, ends)}`;
    return [{ path: `until.${place}`, message }];
  });
}

function under(path: string, fault: Fault): Fault {
  return { ...fault, path: `${path}.${fault.path}` };
}
