import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { until } from '../support/rig/until.ts';
import { PUBLISHABLE_KEY, rule, SECRET_KEY, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

async function twoHubs(LOG_LEVEL: string) {
  const redis = await RedisServer.start();
  const site = {
    rules: [
      rule('hello', {
        on: 'add_to_cart',
        nudge: { kind: 'toast', title: 'Hello {{shopper.traits.name}|you}' },
      }),
    ],
    traits: { name: 'string' },
  };
  const env = { REDIS_URL: redis.url, SITE_FILE: await siteFile(await tempDir(), site), LOG_LEVEL };
  return Promise.all([startHub({ ...env, DRAIN_MS: '0' }), startHub({ ...env, DRAIN_MS: '0' })]);
}

/** The lines of a hub's log that have a word. */
function grep(hub: HubProcess, word: string): Record<string, unknown>[] {
  return hub.log
    .filter((line) => line.includes(word))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const said = (lines: readonly Record<string, unknown>[]) => lines.map(({ msg }) => msg);

it('one id finds the life of a nudge in the logs of all hubs, from the event that caused it to its end', async () => {
  const [one, other] = await twoHubs('info');
  const here = await openPage(one.url);
  const there = await openPage(other.url, { token: here.welcome.token });
  const cause = randomUUID();
  await here.track('add_to_cart', { items: [mug] }, { id: cause });
  await there.until(() => there.nudges.length === 1);
  const nudge = there.nudges[0]?.id ?? '';
  await there.claim(nudge);
  await there.track('nudge_displayed', { nudge });
  await there.track('nudge_displayed', { nudge });
  await there.track('nudge_displayed', { nudge: 'n_that_never_was' });
  await there.track('nudge_dismissed', { nudge });
  await until('its end is logged', () => grep(other, nudge).length === 4);

  expect(said(grep(one, nudge))).toEqual(['nudge decided', 'nudge pushed']);
  expect(said(grep(other, nudge))).toEqual([
    'nudge pushed',
    'nudge claimed',
    'nudge displayed',
    'nudge ended',
  ]);
  const [decided] = grep(one, nudge);
  expect(decided).toMatchObject({ site: 'test', rule: 'hello', input: 'add_to_cart', event: cause });
  expect(said(grep(one, cause))).toEqual(['nudge decided']);
  const [pushed] = grep(other, nudge);
  expect(pushed).toMatchObject({ rule: 'hello', pages: 1, ms: expect.any(Number) as number });
  expect(grep(other, nudge).at(-1)).toMatchObject({ why: 'dismissed', displayed: true });
  const nodes = [one, other].map((hub) => new Set(grep(hub, nudge).map(({ node }) => node)));
  expect(nodes.map(({ size }) => size)).toEqual([1, 1]);
  expect(nodes[0]).not.toEqual(nodes[1]);
});

it('at no level does the log tell who it was, what they had or what opens what', async () => {
  const [one, other] = await twoHubs('trace');
  const here = await openPage(one.url);
  const there = await openPage(other.url, { token: here.welcome.token });
  const { shopper, token } = here.welcome;
  const name = 'Wilhelmina';
  await call(one.url, 'POST', '/v1/events', { shopper, events: [], traits: { name } });
  await here.track('add_to_cart', { items: [{ ...mug, item_name: 'Peculiar mug' }] });
  await there.until(() => there.nudges.length === 1);
  await there.claim(there.nudges[0]?.id ?? '');
  await call(other.url, 'POST', '/v1/events', { shopper: 'no such shopper', events: [{ id: name }] });
  await Promise.all([one.stop(), other.stop()]);
  const log = [...one.log, ...other.log].join('\n');
  expect(log).toContain('nudge claimed');
  for (const secret of [shopper, token, name, 'Peculiar', there.tab, SECRET_KEY, PUBLISHABLE_KEY, 'Hello'])
    expect(log.includes(secret), secret).toBe(false);
});
