import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;

const own = {
  events: [{ name: 'quiz_finished', params: { score: 'number' } }],
  traits: { plan: 'string' },
  segments: ['high-cart-value'],
  rules: [
    rule('quiz', { on: 'quiz_finished', when: { 'event.params.score': { $gte: 8 } } }),
    rule('gold', { on: 'add_to_cart', when: { 'shopper.traits.plan': 'gold', 'session.device': 'mobile' } }),
    rule('big', { on: 'segment_entered', segment: 'high-cart-value' }),
  ],
};

beforeEach(async () => {
  const dir = await tempDir();
  hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir, own) });
});

const server = (body: object) => call(hub.url, 'POST', '/v1/events', body);

it('an event of the shop’s own fires its rule, from a page and from a server', async () => {
  const page = await openPage(hub.url);
  await page.track('quiz_finished', { score: 9, email: 'jo@example.com' });
  await page.until(() => page.nudges.some((nudge) => nudge.rule === 'quiz'));
  const other = await openPage(hub.url);
  const event = { id: randomUUID(), name: 'quiz_finished', at: Date.now(), params: { score: 8 } };
  await server({ shopper: other.welcome.shopper, events: [event] });
  await other.until(() => other.nudges.some((nudge) => nudge.rule === 'quiz'));
});

it('one that the site does not declare is refused with its place, and the events beside it can go again', async () => {
  const page = await openPage(hub.url);
  expect(await page.track('quiz_finishd')).toMatchObject({
    ok: false,
    error: {
      code: 'invalid',
      path: 'events.0.name',
      message: expect.stringContaining('quiz_finished') as string,
    },
  });
  const event = { id: randomUUID(), name: 'quiz_finished', at: Date.now(), params: { score: 'eight' } };
  const answer = await server({ shopper: page.welcome.shopper, events: [event] });
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid', path: 'events.0.params.score' } });
});

it('traits of the server’s and where the page stands decide together', async () => {
  const page = await openPage(hub.url, { page: { device: 'mobile', path: '/mugs?q=secret' } });
  const { shopper } = page.welcome;
  expect(await server({ shopper, traits: { plan: 'gold' } })).toMatchObject({
    status: 200,
    body: { accepted: 0 },
  });
  await page.track('add_to_cart', { items: [mug] });
  await page.until(() => page.nudges.some((nudge) => nudge.rule === 'gold'));
  expect(await server({ shopper, traits: { plna: 'gold' } })).toMatchObject({
    status: 400,
    body: { path: 'traits.plna' },
  });
  expect(await server({ shopper })).toMatchObject({ status: 400, body: { path: 'events' } });
});

it('coming into a segment fires its rule', async () => {
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [{ ...mug, quantity: 6 }] });
  await page.until(() => page.nudges.some((nudge) => nudge.rule === 'big'));
});
