import { didYouMean } from '../../shared/did-you-mean.ts';
import type { Fault } from '../../shared/errors.ts';
import { textsOf } from '../../shared/localized-text.ts';
import type { Rule } from '../../shared/rule.ts';
import { isTrigger, TRIGGERS } from '../../shared/trigger.ts';
import { compileConditions } from './conditions/conditions.ts';
import { fieldsOfRules } from './conditions/site-fields.ts';
import { templateFaults } from './templates.ts';
import type { Vocabulary } from './vocabulary.ts';
import { momentMs } from './zoned-time.ts';

/** All that is wrong with a rule beyond its shape, for a site with this vocabulary; paths are from the rule's root. */
export function ruleFaults(rule: Rule, vocabulary: Vocabulary): Fault[] {
  const conditions = compileConditions(fieldsOfRules(vocabulary, rule.on), rule.when, 'when').faults;
  return [...triggerFaults(rule, vocabulary), ...conditions, ...periodFaults(rule), ...wordingFaults(rule)];
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

function wordingFaults(rule: Rule): Fault[] {
  const { title, body, cta } = rule.nudge;
  const texts = [
    { path: 'nudge.title', text: title },
    { path: 'nudge.body', text: body },
    { path: 'nudge.cta.label', text: cta?.label },
    { path: 'nudge.cta.href', text: cta?.href },
  ];
  return texts.flatMap(({ path, text }) =>
    (text === undefined ? [] : textsOf(text)).flatMap(([locale, words]) =>
      templateFaults(words, rule.offer !== undefined, locale ? `${path}.${locale}` : path),
    ),
  );
}
