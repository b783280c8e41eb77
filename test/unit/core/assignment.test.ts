import { describe, expect, it } from 'vitest';
import { ruleFaults } from '../../../server/core/rule-faults.ts';
import { holdoutOf, variantFor } from '../../../server/core/assignment.ts';
import { SiteId } from '../../../shared/ids.ts';
import { Rule } from '../../../shared/rule.ts';
import { SiteFile } from '../../../shared/site.ts';
import { countdownOn, liveSite, ruleOn, siteFile } from '../support/sample-site.ts';
import { faultsIn } from '../support/faults.ts';
import { firedIn, pushedBy, Story } from '../support/story.ts';

const shoppers = Array.from(
  { length: 20_000 },
  (_, index) => `shopper-${index.toString(36).padStart(14, '0')}`,
);

const isHeldOut = (id: string, shopper: string, holdoutPercent: number) => {
  const { site } = liveSite([ruleOn('add_to_cart')], { settings: { holdoutPercent } });
  const [rule] = site.rulesOn.add_to_cart;
  return rule !== undefined && holdoutOf(rule, { ...site, id: SiteId.parse(id) }, shopper) === 'site';
};

/** Whether a count of chances of `share` each is within five standard deviations of what is expected. */
const isLikely = (count: number, of: number, share: number) =>
  Math.abs(count - of * share) <= 5 * Math.sqrt(of * share * (1 - share));

describe('who is held out', () => {
  it.each([0, 1, 5, 50])('is %s of a hundred, within what chance allows', (percent) => {
    const held = shoppers.filter((shopper) => isHeldOut('demo', shopper, percent)).length;
    expect(isLikely(held, shoppers.length, percent / 100)).toBe(true);
  });

  it('stays so when the share grows', () => {
    const some = shoppers.slice(0, 20_000);
    const held = (percent: number) => some.filter((shopper) => isHeldOut('demo', shopper, percent));
    const larger = new Set(held(10));
    expect(held(5).every((shopper) => larger.has(shopper))).toBe(true);
  });

  it('differs from site to site', () => {
    const both = shoppers.filter((shopper) => isHeldOut('one', shopper, 50) && isHeldOut('two', shopper, 50));
    expect(both.length / shoppers.length).toBeGreaterThan(0.23);
    expect(both.length / shoppers.length).toBeLessThan(0.27);
  });

  it('is one in twenty unless the site says otherwise', () => {
    expect(SiteFile.parse(siteFile()).settings.holdoutPercent).toBe(5);
  });
});

describe('a shopper who is held out', () => {
  const heldOut = liveSite(
    [
      ruleOn('add_to_cart', { id: 'first', priority: 60 }),
      ruleOn('add_to_cart', { id: 'second' }),
      ruleOn('payment_failed', { class: 'transactional' }),
    ],
    { settings: { holdoutPercent: 50 } },
  );
  const someone = (isOut: boolean) => {
    const story = new Story(heldOut);
    const id = shoppers.find((shopper) => isHeldOut('demo', shopper, 50) === isOut) ?? '';
    story.shopper = { ...story.shopper, id: id as typeof story.shopper.id };
    return story;
  };

  it('is shown nothing, and the rule that would have fired says so: the exposure of the one who was not shown', () => {
    const { reasons, effects } = someone(true).adds('mug');
    expect(effects).toEqual([]);
    expect(reasons).toMatchObject([
      { rule: 'first', result: 'held', by: 'holdout', of: 'site', propensity: 0.5 },
      { rule: 'second', result: 'held', by: 'outranked', winner: 'first' },
    ]);
    expect(firedIn(someone(false).adds('mug'))).toEqual(['first']);
  });

  it('is not counted as exposed where there was nothing to show', () => {
    const strip = ruleOn('add_to_cart', { nudge: { kind: 'recommendation', title: 'For you' } });
    const story = someone(true);
    story.live = { ...liveSite([strip], { settings: { holdoutPercent: 50 } }) };
    story.live = { ...story.live, site: { ...story.live.site, products: new Map() } };
    expect(story.adds('mug').reasons).toMatchObject([{ by: 'nothing_to_show' }]);
  });

  it('is told all the same what they wait for', () => {
    expect(firedIn(someone(true).server('payment_failed'))).toEqual(['on-payment-failed']);
  });
});

describe('the holdout of one rule', () => {
  const { site } = liveSite([
    ruleOn('add_to_cart', { holdoutPercent: 20 }),
    ruleOn('view_cart', { holdoutPercent: 20 }),
  ]);
  const [one] = site.rulesOn.add_to_cart;
  const [other] = site.rulesOn.view_cart;

  it('is its own: whom another rule holds out is as likely to be in it as anybody', () => {
    const both = shoppers.filter(
      (shopper) => one && other && holdoutOf(one, site, shopper) && holdoutOf(other, site, shopper),
    );
    expect(isLikely(both.length, shoppers.length, 0.04)).toBe(true);
  });

  it('says whose it is, and with what probability', () => {
    const live = liveSite([ruleOn('add_to_cart', { holdoutPercent: 50 })], {
      settings: { holdoutPercent: 20 },
    });
    const results = shoppers.slice(0, 200).map((id) => {
      const story = new Story(live);
      story.shopper = { ...story.shopper, id: id as typeof story.shopper.id };
      return story.adds('mug').reasons[0];
    });
    expect(results).toContainEqual(expect.objectContaining({ by: 'holdout', of: 'site', propensity: 0.6 }));
    expect(results).toContainEqual(expect.objectContaining({ by: 'holdout', of: 'rule', propensity: 0.6 }));
    expect(results).toContainEqual(expect.objectContaining({ result: 'fired', propensity: 0.4 }));
  });
});

describe('an experiment', () => {
  const arms = [
    { id: 'plain', weight: 1 },
    {
      id: 'warm',
      weight: 3,
      change: { nudge: { title: 'Welcome back' }, offer: { percentOff: 15 }, limit: null },
    },
  ];
  const rule = countdownOn('add_to_cart', {
    nudge: { kind: 'countdown', title: 'Hello', body: 'For you' },
    limit: { times: 1, per: '1d' },
    experiment: { id: 'tone', arms },
  });
  const live = liveSite([rule]);
  const [compiled] = live.site.rulesOn.add_to_cart;
  const armOf = (shopper: string) => compiled && variantFor(compiled, live.site, shopper).arm;
  const inArm = (arm: string) => {
    const story = new Story(live);
    const id = shoppers.find((shopper) => armOf(shopper) === arm) ?? '';
    story.shopper = { ...story.shopper, id: id as typeof story.shopper.id };
    return story;
  };

  it('parts shoppers by weight, and each finds their arm again', () => {
    const warm = shoppers.filter((shopper) => armOf(shopper) === 'warm');
    expect(isLikely(warm.length, shoppers.length, 0.75)).toBe(true);
    expect(shoppers.filter((shopper) => armOf(shopper) === 'warm')).toEqual(warm);
  });

  it('changes any part of the nudge and the rule, and leaves the others', () => {
    const warm = inArm('warm').adds('mug');
    expect(pushedBy(warm)).toMatchObject({
      title: 'Welcome back',
      body: 'For you',
      offer: { percentOff: 15 },
    });
    expect(warm.reasons).toMatchObject([{ result: 'fired', arm: 'warm', propensity: 0.75 }]);
    const plain = inArm('plain').adds('mug');
    expect(pushedBy(plain)).toMatchObject({ title: 'Hello', offer: { percentOff: 10 } });
    expect(plain.reasons).toMatchObject([{ result: 'fired', arm: 'plain', propensity: 0.25 }]);
  });

  it('an arm may wait for another time', () => {
    const waits = ruleOn('cart_idle', {
      experiment: { id: 'tone', arms: [{ id: 'plain' }, { id: 'warm', weight: 3, change: { after: '1m' } }] },
    });
    const story = inArm('warm');
    story.live = liveSite([waits]);
    story.adds('mug');
    expect(story.shopper.wakeAt).toBe(story.now + 60_000);
  });

  it.each<[arms: object[], path: string, message: RegExp]>([
    [[{ id: 'a' }], 'experiment.arms', /./],
    [[{ id: 'a' }, { id: 'a' }], 'experiment.arms', /used twice/],
    [
      [{ id: 'a' }, { id: 'b', change: { on: 'view_cart' } }],
      'experiment.arms.1.change.on',
      /same for all arms/,
    ],
    [[{ id: 'a' }, { id: 'b', change: { nudge: { titel: 'x' } } }], 'experiment.arms.1.change.nudge', /./],
    [[{ id: 'a' }, { id: 'b', change: { offer: null } }], 'experiment.arms.1.change.offer', /counts down/],
    [[{ id: 'a' }, { id: 'b', weight: 0 }], 'experiment.arms.1.weight', /./],
  ])('with arms %j is refused', (given, path, message) => {
    const faults = faultsIn(Rule, { ...rule, experiment: { id: 'tone', arms: given } });
    expect(faults).toContainEqual(
      expect.stringMatching(new RegExp(`^${path.replaceAll('.', '\\.')}: .*${message.source}`)),
    );
  });

  it('keeps the past for as long as the longest of its arms looks back', () => {
    const brief = { ...rule, limit: { times: 1, per: '1d' } };
    const arms30 = [{ id: 'plain' }, { id: 'long', change: { limit: { times: 1, per: '30d' } } }];
    const { site } = liveSite([{ ...brief, experiment: { id: 'pace', arms: arms30 } }]);
    expect(site.longestWindowMs).toBe(30 * 86_400_000);
  });

  it('whose arm asks for what there is not is refused by the core', () => {
    const odd = Rule.parse({
      ...rule,
      experiment: { id: 'tone', arms: [{ id: 'a' }, { id: 'b', change: { when: { 'cart.valeu': 1 } } }] },
    });
    expect(ruleFaults(odd, live.site.vocabulary)).toMatchObject([
      { path: 'experiment.arms.1.change.when.cart.valeu' },
    ]);
  });
});
