import { describe, expect, it } from 'vitest';
import { ruleFaults } from '../../../server/core/rule-faults.ts';
import { Rule } from '../../../shared/rule.ts';
import { DAY, HOUR, MINUTE } from '../support/durations.ts';
import { faultsIn } from '../support/faults.ts';
import { type GivenRule, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const toast = (title: string) => ({ kind: 'toast', title }) as const;
const step = (id: string, after: string, more: object = {}) => ({ id, after, nudge: toast(id), ...more });

/** Three reminders of a cart: at once, after an hour, after a day. */
const reminders = (more: Partial<GivenRule> = {}) =>
  ruleOn('add_to_cart', {
    id: 'remind',
    when: { 'cart.quantity': 1 },
    nudge: { kind: 'toast', title: 'first', validFor: '5m' },
    steps: [step('second', '1h'), step('third', '1d')],
    ...more,
  });

const begun = (rule: GivenRule = reminders(), settings = {}, more: object = {}) => {
  const story = new Story(liveSite([rule], { settings, ...more }));
  story.adds('mug');
  return story;
};
const left = (story: Story) => story.shopper.journeys.map(({ step: at }) => at);

describe('a journey', () => {
  it('shows one nudge after the other, each as long after the one before as its step says', () => {
    const story = begun();
    expect(story.nudges.map(({ title }) => title)).toEqual(['first']);
    expect(firedIn(story.wait(HOUR - 1).clock())).toEqual([]);
    expect(firedIn(story.wait(1).clock())).toEqual(['remind/second']);
    expect(firedIn(story.wait(DAY - 1).clock())).toEqual([]);
    const last = story.wait(1).clock();
    expect(firedIn(last)).toEqual(['remind/third']);
    expect(last.journeys).toEqual([{ rule: 'remind', what: 'ended', why: 'done' }]);
    expect(story.shopper.journeys).toEqual([]);
  });

  it('is begun once: the rule firing again does not start it anew', () => {
    const story = begun(reminders({ when: {} }));
    story.wait(30 * MINUTE).clock();
    expect(firedIn(story.adds('pot'))).toEqual(['remind']);
    expect(story.shopper.journeys).toHaveLength(1);
    expect(firedIn(story.wait(30 * MINUTE).clock())).toEqual(['remind/second']);
  });

  it('wakes the shopper for its next step', () => {
    const story = begun();
    story.wait(5 * MINUTE).clock();
    const [journey] = story.shopper.journeys;
    expect(journey?.dueAt).toBe(story.now + 55 * MINUTE);
    expect(story.shopper.wakeAt).toBeLessThanOrEqual(journey?.dueAt ?? 0);
  });

  it('is not begun for whom the holdout keeps from it', () => {
    const story = new Story(liveSite([reminders({ holdoutPercent: 50 })], {}));
    const results = Array.from({ length: 40 }, (_, index) => {
      const one = new Story(story.live);
      one.shopper = { ...one.shopper, id: `shopper-${index}` as typeof one.shopper.id };
      const { reasons } = one.adds('mug');
      return [reasons[0]?.result, one.shopper.journeys.length];
    });
    expect(results).toContainEqual(['fired', 1]);
    expect(results).toContainEqual(['held', 0]);
    expect(results).not.toContainEqual(['held', 1]);
  });
});

describe('each step is looked at anew when it is due', () => {
  it('its conditions: those who do not meet them go on to the next', () => {
    const steps = [step('second', '1h', { when: { 'cart.value': { $gte: 500 } } }), step('third', '1d')];
    const story = begun(reminders({ steps }));
    expect(heldBy(story.wait(HOUR).clock(), 'remind/second')).toMatchObject({
      by: 'condition',
      path: 'cart.value',
    });
    expect(left(story)).toEqual(['third']);
  });

  it('its conditions: `otherwise` says where those go, `next` where the others do', () => {
    const steps = [
      step('second', '1h', { when: { 'cart.value': { $gte: 500 } }, otherwise: 'small', next: 'large' }),
      step('large', '1h', { next: 'end' }),
      step('small', '2h'),
    ];
    const small = begun(reminders({ steps }));
    small.wait(HOUR).clock();
    expect(left(small)).toEqual(['small']);
    const large = begun(reminders({ steps: [{ ...steps[0], when: {} }, ...steps.slice(1)] as typeof steps }));
    large.wait(HOUR).clock();
    expect(left(large)).toEqual(['large']);
    large.wait(HOUR).clock();
    expect(left(large)).toEqual([]);
  });

  it('quiet hours: the step waits for their end', () => {
    const story = new Story(
      liveSite([reminders()], { settings: { quietHours: { from: '21:00', to: '08:00' } } }),
    );
    story.now = Date.parse('2026-11-24T20:30:00Z');
    story.adds('mug');
    expect(heldBy(story.wait(HOUR).clock(), 'remind/second')).toMatchObject({ by: 'quiet_hours' });
    expect(story.shopper.journeys[0]?.dueAt).toBe(Date.parse('2026-11-25T08:00:00Z'));
    story.now = Date.parse('2026-11-25T08:00:00Z');
    expect(firedIn(story.clock())).toEqual(['remind/second']);
  });

  it('consent: whoever takes it back gets none of the steps', () => {
    const story = begun();
    story.page('consent_update', { marketing: 'denied' });
    expect(heldBy(story.wait(HOUR).clock(), 'remind/second')).toMatchObject({ by: 'consent' });
    expect(heldBy(story.wait(DAY).clock(), 'remind/third')).toMatchObject({ by: 'consent' });
  });

  it('the site’s caps, which the steps share with everything else', () => {
    const story = begun(reminders(), { limit: { times: 1, per: '2h' } });
    story.sees();
    expect(heldBy(story.wait(HOUR).clock(), 'remind/second')).toMatchObject({ by: 'site_limit' });
    expect(firedIn(story.wait(DAY).clock())).toEqual(['remind/third']);
  });

  it('the cooldown: the step waits until it is over', () => {
    const story = begun(reminders(), { cooldown: '90m' });
    story.sees();
    expect(heldBy(story.wait(HOUR).clock(), 'remind/second')).toMatchObject({ by: 'cooldown' });
    expect(firedIn(story.wait(30 * MINUTE).clock())).toEqual(['remind/second']);
  });

  it('the rule’s own limit is not asked again: it was about the beginning', () => {
    const story = begun(reminders({ limit: { times: 1, per: '7d' } }));
    story.sees();
    expect(firedIn(story.wait(HOUR).clock())).toEqual(['remind/second']);
  });

  it('its channel: one that this hub can’t send on is passed over', () => {
    const steps = [step('mail', '1h', { channel: 'email' }), step('third', '1d')];
    const story = begun(reminders({ steps }));
    expect(heldBy(story.wait(HOUR).clock(), 'remind/mail')).toMatchObject({
      by: 'no_channel',
      channel: 'email',
    });
    expect(firedIn(story.wait(DAY).clock())).toEqual(['remind/third']);
  });

  it('another rule that goes before it: the step comes a minute later', () => {
    const other = ruleOn('cart_idle', { id: 'idle', after: '1h', priority: 90 });
    const story = new Story(liveSite([reminders(), other]));
    story.adds('mug');
    expect(heldBy(story.wait(HOUR).clock(), 'remind/second')).toMatchObject({
      by: 'outranked',
      winner: 'idle',
    });
    expect(firedIn(story.wait(MINUTE).clock())).toEqual(['remind/second']);
  });
});

describe('a journey ends', () => {
  const ends = (story: Story, does: (story: Story) => { journeys: readonly object[] }) =>
    does(story).journeys;

  it.each<[what: string, does: (story: Story) => { journeys: readonly object[] }, why: string]>([
    ['with the purchase a page reports', (story) => story.buys(), 'purchased'],
    [
      'with the purchase a server reports',
      (story) => story.server('purchase', { transaction_id: 'o-1' }),
      'purchased',
    ],
    ['when one of its nudges is dismissed', (story) => story.dismisses(), 'dismissed'],
  ])('%s', (_, does, why) => {
    const story = begun();
    expect(ends(story, does)).toEqual([{ rule: 'remind', what: 'ended', why }]);
    expect(firedIn(story.wait(HOUR).clock())).toEqual([]);
    expect(story.shopper.journeys).toEqual([]);
  });

  it('when the cart is empty as its step is due', () => {
    const story = begun();
    story.page('view_cart', { items: [], value: 0 });
    const decision = story.wait(HOUR).clock();
    expect(decision.journeys).toEqual([{ rule: 'remind', what: 'ended', why: 'cart_gone' }]);
    expect(decision.effects.filter(({ kind }) => kind === 'push')).toEqual([]);
  });

  it('when its rule is paused', () => {
    const story = begun();
    story.live = liveSite([reminders({ status: 'paused' })]);
    expect(story.wait(HOUR).clock().journeys).toEqual([{ rule: 'remind', what: 'ended', why: 'withdrawn' }]);
  });

  it('with what `until` names', () => {
    const story = begun(reminders({ until: ['begin_checkout', 'return_visit'] }));
    expect(story.page('begin_checkout').journeys).toMatchObject([{ why: 'until' }]);
    const back = begun(reminders({ until: ['return_visit'] }));
    expect(back.wait(31 * MINUTE).page('page_view').journeys).toMatchObject([{ why: 'until' }]);
  });

  it('about a cart with the purchase, whatever `until` says; one about the shopper goes on', () => {
    const cart = begun(reminders({ until: ['search'] }));
    expect(cart.buys().journeys).toMatchObject([{ why: 'purchased' }]);
    const welcome = ruleOn('sign_up', { id: 'welcome', steps: [step('second', '1d')], until: ['login'] });
    const story = new Story(liveSite([welcome]));
    story.page('sign_up');
    expect(story.buys().journeys).toEqual([]);
    expect(firedIn(story.wait(DAY).clock())).toEqual(['welcome/second']);
  });

  it('begun by an order goes on when the thank-you page tells the same order again', () => {
    const thanks = ruleOn('purchase', { id: 'thanks', steps: [step('second', '1d')] });
    const story = new Story(liveSite([thanks]));
    story.server('purchase', { transaction_id: 'order-1' });
    expect(story.buys('order-1').journeys).toEqual([]);
    expect(firedIn(story.wait(DAY).clock())).toEqual(['thanks/second']);
  });

  it('by an event of the shop’s own', () => {
    const events = [{ name: 'called_us' }];
    const story = begun(reminders({ until: ['called_us'] }), {}, { events });
    expect(story.page('called_us').journeys).toMatchObject([{ why: 'until' }]);
  });
});

it('at most ten journeys are under way; an eleventh is not begun, its nudge is shown all the same', () => {
  const rules = Array.from({ length: 11 }, (_, index) =>
    ruleOn('api', { id: `call-${index}`, steps: [step('second', '1d')] }),
  );
  const story = new Story(liveSite(rules));
  for (const { id } of rules) {
    expect(firedIn(story.calls(id))).toEqual([id]);
    story.wait(11 * MINUTE).clock();
  }
  expect(story.shopper.journeys).toHaveLength(10);
});

describe('a journey is refused', () => {
  const withSteps = (...steps: object[]) => ({ ...reminders(), steps });
  it.each<[what: string, rule: object, path: string, message: RegExp]>([
    ['without steps', withSteps(), 'steps', /./],
    [
      'with an unknown target',
      withSteps(step('a', '1h', { next: 'bb' }), step('b', '1h')),
      'steps.0.next',
      /Did you mean "b"/,
    ],
    ['with an id twice', withSteps(step('a', '1h'), step('a', '1h')), 'steps.1.id', /Used twice/],
    [
      'that goes in a circle',
      withSteps(step('a', '1h'), step('b', '1h', { next: 'a' })),
      'steps.1.next',
      /never end/,
    ],
    [
      'that leads back to itself',
      withSteps(step('a', '1h', { otherwise: 'a' })),
      'steps.0.otherwise',
      /never end/,
    ],
    [
      'with a step that nothing leads to',
      withSteps(step('a', '1h', { next: 'end' }), step('b', '1h')),
      'steps.1',
      /No step leads here/,
    ],
    ['with a step called end', withSteps(step('end', '1h')), 'steps.0.id', /"end" is/],
    ['that never rests', withSteps(step('a', '10ms')), 'steps.0.after', /At least 1s/],
    ['that lasts a year', withSteps(step('a', '90d'), step('b', '91d')), 'steps', /180 days/],
    [
      'with eleven steps',
      withSteps(...Array.from({ length: 11 }, (_, at) => step(`s${at}`, '1h'))),
      'steps',
      /At most 10/,
    ],
    [
      'with an end and no steps',
      { ...ruleOn('add_to_cart'), until: ['purchase'] },
      'until',
      /Only a rule with steps/,
    ],
    ['that sells nothing', { ...reminders(), class: 'transactional' }, 'class', /A journey is promotional/],
    [
      'with a countdown to nothing',
      withSteps({ id: 'a', after: '1h', nudge: { kind: 'countdown', title: 'x' } }),
      'steps.0.offer',
      /counts down/,
    ],
  ])('%s', (_, rule, path, message) => {
    expect(faultsIn(Rule, rule)).toContainEqual(
      expect.stringMatching(new RegExp(`^${path.replaceAll('.', '\\.')}: .*${message.source}`)),
    );
  });

  it.each<[more: object, path: string]>([
    [{ when: { 'cart.valeu': 1 } }, 'steps.0.when.cart.valeu'],
    [{ when: { 'shopper.segments': 'vip' } }, 'steps.0.when.shopper.segments'],
    [{ nudge: toast('{{offer.code}}') }, 'steps.0.nudge.title'],
    [{ nudge: toast('{{change.price}}') }, 'steps.0.nudge.title'],
  ])('by the core, with the path to it: %j', (more, path) => {
    const rule = Rule.parse(withSteps(step('a', '1h', more)));
    expect(ruleFaults(rule, liveSite([]).site.vocabulary)).toMatchObject([{ path }]);
  });

  it('by the core, for an end that the site does not know, or that the hub can’t tell', () => {
    const rule = Rule.parse({ ...reminders(), until: ['caled_us', 'cart_idle'] });
    const { vocabulary } = liveSite([], { events: [{ name: 'called_us' }] }).site;
    expect(ruleFaults(rule, vocabulary)).toEqual([
      { path: 'until.0', message: '"caled_us" ends no journey. Did you mean "called_us"?' },
      { path: 'until.1', message: '"cart_idle" ends no journey.' },
    ]);
  });
});
