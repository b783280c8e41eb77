import { describe, expect, it } from 'vitest';
import { isHeldOut } from '../../../server/core/holdout.ts';
import { SiteFile } from '../../../shared/site.ts';
import { liveSite, ruleOn, siteFile } from '../support/sample-site.ts';
import { firedIn, Story } from '../support/story.ts';

const shoppers = Array.from(
  { length: 20_000 },
  (_, index) => `shopper-${index.toString(36).padStart(14, '0')}`,
);

describe('who is held out', () => {
  it.each([0, 1, 5, 50])('is %s of a hundred, within what chance allows', (percent) => {
    const held = shoppers.filter((shopper) => isHeldOut('demo', shopper, percent)).length;
    const expected = (shoppers.length * percent) / 100;
    // Five standard deviations of a binomial count.
    const slack = 5 * Math.sqrt((expected * (100 - percent)) / 100);
    expect(Math.abs(held - expected)).toBeLessThanOrEqual(slack);
  });

  it('stays so when the share grows', () => {
    const held = (percent: number) => shoppers.filter((shopper) => isHeldOut('demo', shopper, percent));
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
      { rule: 'first', result: 'held', by: 'holdout' },
      { rule: 'second', result: 'held', by: 'outranked', winner: 'first' },
    ]);
    expect(firedIn(someone(false).adds('mug'))).toEqual(['first']);
  });

  it('is not counted as exposed where there was nothing to show', () => {
    const strip = ruleOn('add_to_cart', { nudge: { kind: 'recommendation', title: 'For you' } });
    const story = someone(true);
    story.live = { ...liveSite([strip], { settings: { holdoutPercent: 50 } }) };
    story.live = { ...story.live, site: { ...story.live.site, products: new Map() } };
    expect(story.adds('mug').reasons).toMatchObject([{ by: 'nothing_to_recommend' }]);
  });

  it('is told all the same what they wait for', () => {
    expect(firedIn(someone(true).server('payment_failed'))).toEqual(['on-payment-failed']);
  });
});
