import { describe, expect, it } from 'vitest';
import { MAX_RULES } from '../../../shared/rule.ts';
import { SiteFile } from '../../../shared/site.ts';
import { faultsIn, faultyPaths } from '../support/faults.ts';
import { countdownOn, ruleOn, siteFile } from '../support/sample-site.ts';

const product = { item_id: 'mug', item_name: 'Mug', price: 18.5, url: '/mug' };
const rules = (count: number) =>
  Array.from({ length: count }, (_, index) => ruleOn('add_to_cart', { id: `rule-${index}` }));

describe('a site file is refused with the exact place', () => {
  it.each<[what: string, given: object, paths: string[]]>([
    ['two rules with one id', { rules: [...rules(2), ...rules(1)] }, ['rules.2.id']],
    ['an unknown time zone', { timeZone: 'Europe/Berlim' }, ['timeZone']],
    ['an unknown field', { tiemZone: 'UTC' }, ['tiemZone']],
    ['an unknown setting', { settings: { quietTimes: [] } }, ['settings.quietTimes']],
    [
      'a time that no clock shows',
      { settings: { quietHours: { from: '24:00', to: '08:00' } } },
      ['settings.quietHours.from'],
    ],
    [
      'quiet hours without end',
      { settings: { quietHours: { from: '08:00', to: '08:00' } } },
      ['settings.quietHours.to'],
    ],
    ['more than half held out', { settings: { holdoutPercent: 51 } }, ['settings.holdoutPercent']],
    ['an unknown field of a rule', { rules: [{ ...ruleOn('purchase'), if: {} }] }, ['rules.0.if']],
    ['a limit out of range', { settings: { limit: { times: 0, per: '1d' } } }, ['settings.limit.times']],
    [
      'a countdown without an offer',
      { rules: [{ ...countdownOn('purchase'), offer: undefined }] },
      ['rules.0.offer'],
    ],
    ['a wrong currency', { currency: 'Euro' }, ['currency']],
    ['an origin with a path', { origins: ['https://shop.example/'] }, ['origins.0']],
    ['no origin at all', { origins: [] }, ['origins']],
    [
      'keys the wrong way round',
      { publishableKey: 'sk_demo', secretKey: 'pk_demo_demo' },
      ['publishableKey', 'secretKey'],
    ],
    ['a negative price', { products: [{ ...product, price: -1 }] }, ['products.0.price']],
    ['a negative stock', { products: [{ ...product, stock: -1 }] }, ['products.0.stock']],
    [
      'a script for a product’s page',
      { products: [{ ...product, url: 'javascript:x' }] },
      ['products.0.url'],
    ],
    ['a script for a picture', { products: [{ ...product, image: 'javascript:x' }] }, ['products.0.image']],
    ['a locale that is none', { locale: 'English' }, ['locale']],
    ['an id that is no id', { id: 'My Shop' }, ['id']],
    ['too many rules', { rules: rules(MAX_RULES + 1) }, ['rules']],
  ])('%s', (_, given, paths) => {
    expect(faultyPaths(SiteFile, { ...siteFile(), ...given })).toEqual(paths);
  });

  it('a rule’s id that was used says so', () => {
    expect(faultsIn(SiteFile, siteFile({ rules: [...rules(1), ...rules(1)] }))).toEqual([
      'rules.1.id: Used twice.',
    ]);
  });
});

it.each(['UTC', 'Europe/Berlin', 'Asia/Seoul'])('%s is a time zone', (timeZone) => {
  expect(faultyPaths(SiteFile, siteFile({ timeZone }))).toEqual([]);
});

it('what a site leaves out has a plain meaning', () => {
  const { products: _, ...bare } = siteFile();
  expect(SiteFile.parse(bare)).toMatchObject({
    timeZone: 'UTC',
    locale: 'en',
    products: [],
    rules: [],
    settings: { abandonAfter: '1h', restAfterDismissal: '7d', inspect: false },
  });
});
