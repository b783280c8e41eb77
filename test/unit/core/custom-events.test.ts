import { describe, expect, it } from 'vitest';
import { asDeclared, traitFaults } from '../../../server/core/declared.ts';
import { ruleFaults } from '../../../server/core/rule-faults.ts';
import { vocabularyOf } from '../../../server/core/vocabulary.ts';
import { CustomEventDefinition } from '../../../shared/custom-event.ts';
import { Rule } from '../../../shared/rule.ts';
import { SiteFile } from '../../../shared/site.ts';
import { faultsIn } from '../support/faults.ts';
import { eventOf } from '../support/sample-event.ts';
import { liveSite, ruleOn, siteFile } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const events = [
  { name: 'quiz_finished', params: { score: 'number', level: 'string', passed: 'boolean' } },
] as const;
const traits = { plan: 'string', points: 'number' } as const;
const own = { events: [...events], traits };
const { vocabulary } = liveSite([], own).site;
const read = (name: string, params: object = {}) =>
  asDeclared(eventOf({ id: 'event-000001', name, params }), vocabulary, 'events.3');

describe('an event of the shop’s own', () => {
  it('fires the rules on its name, which may ask for what the site declares of it', () => {
    const when = {
      'event.params.score': { $gte: 8 },
      'event.params.passed': true,
      'event.name': 'quiz_finished',
    };
    const story = new Story(liveSite([ruleOn('quiz_finished', { when })], own));
    expect(heldBy(story.page('quiz_finished', { score: 7, passed: true }), 'on-quiz-finished')).toMatchObject(
      {
        by: 'condition',
        path: 'event.params.score',
        wanted: '$gte 8',
        actual: 7,
      },
    );
    expect(firedIn(story.page('quiz_finished', { score: 8, passed: true }))).toEqual(['on-quiz-finished']);
  });

  it('is a sign of life, as all that a shopper does', () => {
    const story = new Story(liveSite([], own)).wait(5_000);
    story.page('quiz_finished');
    expect(story.shopper.activeAt).toBe(story.now);
  });

  it('keeps what is declared and loses what is not', () => {
    const given = { score: 8, email: 'jo@example.com', items: [{ item_id: 'mug' }], level: null };
    expect(read('quiz_finished', given)).toMatchObject({
      event: { event: 'quiz_finished', params: { score: 8 } },
    });
    expect(JSON.stringify(read('quiz_finished', given))).not.toMatch(/jo@|mug|level/);
  });

  it.each<[name: string, params: object, path: string, message: RegExp]>([
    ['quiz_finishd', {}, 'events.3.name', /^Unknown event "quiz_finishd"\. Did you mean "quiz_finished"\?/],
    ['add_to_crat', { items: [] }, 'events.3.name', /Did you mean "add_to_cart"\?/],
    ['cart_idle', {}, 'events.3.name', /^Unknown event "cart_idle"/],
    ['custom_event', {}, 'events.3.name', /^Unknown event "custom_event"/],
    ['quiz_finished', { score: '8' }, 'events.3.params.score', /declares this as a number/],
    ['quiz_finished', { level: 'x'.repeat(201) }, 'events.3.params.level', /at most 200 characters/],
    ['quiz_finished', { passed: [true] }, 'events.3.params.passed', /a text of at most/],
  ])('%s with %j is refused with its place', (name, params, path, message) => {
    const result = read(name, params);
    expect('faults' in result && result.faults).toEqual([
      { path, message: expect.stringMatching(message) as string },
    ]);
  });

  it.each(['add_to_cart', 'cart_idle', 'nudge_clicked'])(
    'can’t be named %s, which has a meaning already',
    (name) => {
      expect(faultsIn(CustomEventDefinition, { name })).toEqual(['name: This name has a meaning already.']);
    },
  );

  it('is declared once, with at most 25 parameters of known types', () => {
    const twice = siteFile({ events: [{ name: 'quiz' }, { name: 'quiz' }] });
    expect(faultsIn(SiteFile, twice)).toEqual(['events: A name is used twice.']);
    const params = Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`p${index}`, 'number']));
    expect(faultsIn(CustomEventDefinition, { name: 'quiz', params })).toEqual(['params: At most 25.']);
    expect(faultsIn(CustomEventDefinition, { name: 'quiz', params: { at: 'date' } })[0]).toMatch(
      /^params\.at: /,
    );
  });

  it.each<[when: object, message: RegExp]>([
    [{ 'event.params.scor': 1 }, /Did you mean "event\.params\.score"\?/],
    [{ 'event.params.score': '8' }, /takes a number/],
    [{ 'shopper.traits.plam': 'gold' }, /Did you mean "shopper\.traits\.plan"\?/],
  ])('a rule that asks %j is refused', (when, message) => {
    const [fault] = ruleFaults(Rule.parse(ruleOn('quiz_finished', { when: { ...when } })), vocabulary);
    expect(fault?.message).toMatch(message);
  });

  it('its parameters are nothing that rules on other triggers may ask for', () => {
    const rule = Rule.parse(ruleOn('add_to_cart', { when: { 'event.params.score': 8 } }));
    expect(ruleFaults(rule, vocabulary)).toMatchObject([{ path: 'when.event.params.score' }]);
  });
});

describe('traits, which the shop’s server tells', () => {
  const gold = ruleOn('add_to_cart', { when: { 'shopper.traits.plan': 'gold' } });

  it('are kept, changed and taken back', () => {
    const story = new Story(liveSite([gold], own));
    expect(firedIn(story.adds('mug'))).toEqual([]);
    story.input({ kind: 'traits', traits: { plan: 'gold', points: 12 } });
    expect(story.shopper.traits).toEqual({ plan: 'gold', points: 12 });
    expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
    story.input({ kind: 'traits', traits: { plan: null } });
    expect(story.shopper.traits).toEqual({ points: 12 });
  });

  it('told again, change nothing', () => {
    const story = new Story(liveSite([gold], own));
    story.input({ kind: 'traits', traits: { plan: 'gold' } });
    const before = story.shopper;
    expect(story.input({ kind: 'traits', traits: { plan: 'gold', points: null } }).shopper).toBe(before);
  });

  it('are refused where the site does not declare them so', () => {
    expect(traitFaults({ plan: 'gold', points: 'many', plna: 'x' }, traits, 'traits')).toEqual([
      { path: 'traits.plna', message: 'The site declares no trait "plna". Did you mean "plan"?' },
      { path: 'traits.points', message: 'The site declares this as a number.' },
    ]);
  });

  it('of a type that is no longer declared count as absent', () => {
    const story = new Story(liveSite([], own));
    story.input({ kind: 'traits', traits: { plan: 'gold' } });
    story.live = liveSite([ruleOn('add_to_cart', { when: { 'shopper.traits.plan': { $exists: false } } })], {
      traits: { plan: 'number' },
    });
    expect(firedIn(story.adds('mug'))).toEqual(['on-add-to-cart']);
  });
});

it('a site without events of its own knows GA4’s alone', () => {
  expect(vocabularyOf({ events: [], traits: {}, segments: [] }).events.size).toBe(0);
});
