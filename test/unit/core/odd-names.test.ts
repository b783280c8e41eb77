import { expect, it } from 'vitest';
import { reasonInWords } from '../../../server/core/reason-words.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { rule, site } from '../../support/sample-site.ts';
import { VirtualHub } from '../../support/virtual-hub.ts';
import { readReasons } from '../../../server/engine/shopper-reasons.ts';
import { totalsFold } from '../../../server/analytics/totals.ts';
import { LOG_START } from '../../../server/store/store.ts';
import { ShopperId } from '../../../shared/ids.ts';

/** What every object has, as far as a shop may call something so. */
const NAMES = [
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
];
const SHOPPER = 'a-shopper-with-no-name';
const AT = 1_795_000_000_000;

const types = Object.fromEntries(NAMES.map((name) => [name, 'string']));
const said = Object.fromEntries(NAMES.map((name) => [name, `my ${name}`]));
const slots = (path: string) => NAMES.map((name) => `{{${path}.${name}; else: -}}`).join(' ');
const conditions = (path: string, isThere: boolean) =>
  Object.fromEntries(NAMES.map((name) => [`${path}.${name}`, { $exists: isThere }]));

const shop = site({
  events: NAMES.map((name) => ({ name, params: types })),
  traits: types,
  segments: [{ id: 'constructor', when: conditions('shopper.traits', false) }],
  rules: NAMES.map((name) =>
    rule(name === 'constructor' ? name : `on-${name.toLowerCase()}`, {
      on: name,
      when: { ...conditions('shopper.traits', false), 'shopper.segments': 'constructor' },
      nudge: { kind: 'toast', title: `${slots('event.params')} | ${slots('shopper.traits')}` },
    }),
  ),
});

async function played(params: object) {
  const hub = await VirtualHub.open(await tempDir(), shop, AT);
  const events = NAMES.map((name, place) => ({
    at: AT + place,
    shopper: SHOPPER,
    event: { id: `an-event-${place}`, name, at: AT, rev: place, params },
  }));
  await hub.play(events);
  const key = { site: hub.site.id, shopper: ShopperId.parse(SHOPPER) };
  const { document } = await hub.store.load(key, []);
  const { decisions } = await readReasons(hub.store, key, 'en');
  const { records } = await hub.store.readLog(LOG_START, 1_000);
  return { document, decisions, records, close: () => hub.store.close() };
}

it('rules, conditions and texts may ask for traits and params that are called what every object has', async () => {
  const { document, decisions, records, close } = await played({});
  const none = NAMES.map(() => '-').join(' ');
  expect(document?.nudges.map(({ nudge }) => nudge.title)).toContain(`${none} | ${none}`);
  expect(document?.segments).toEqual(['constructor']);
  const reasons = decisions.flatMap((decision) => decision.reasons);
  expect(reasons.map((reason) => reasonInWords(reason, 'en'))).not.toContain('undefined');
  const sums = new Map<string, number>();
  for (const record of records)
    for (const [name, change] of totalsFold.changesOf(record)) sums.set(name, (sums.get(name) ?? 0) + change);
  expect(Object.fromEntries(NAMES.map((name) => [name, sums.get(`test\nevents\n${name}`)]))).toEqual(
    Object.fromEntries(NAMES.map((name) => [name, 1])),
  );
  expect(sums.get('test\nsegments\nconstructor')).toBe(1);
  await close();
});

it('what is said under such a name is what is shown', async () => {
  const { document, close } = await played(said);
  const all = NAMES.map((name) => `my ${name}`).join(' ');
  const none = NAMES.map(() => '-').join(' ');
  expect(document?.nudges.map(({ nudge }) => nudge.title)).toContain(`${all} | ${none}`);
  await close();
});
