import { expect, it } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const hello = rule('hello', { on: 'add_to_cart', nudge: { kind: 'toast', title: 'Hello' } });

async function twoHubs(redis: RedisServer) {
  const SITE_FILE = await siteFile(await tempDir(), { rules: [hello], settings: { holdoutPercent: 0 } });
  const env = { REDIS_URL: redis.url, SITE_FILE, DRAIN_MS: '300' };
  return Promise.all([startHub(env), startHub(env)]);
}

it('a nudge that one hub decides is painted by a page on another', async () => {
  const [one, other] = await twoHubs(await RedisServer.start());
  const here = await openPage(one.url);
  const there = await openPage(other.url, { token: here.welcome.token });
  expect(there.welcome.shopper).toBe(here.welcome.shopper);
  await here.track('add_to_cart', { items: [mug] });
  await there.until(() => there.nudges.length === 1);
  const [nudge] = there.nudges;
  expect(await there.claim(nudge?.id ?? '')).toEqual({ ok: true });
  expect(await here.claim(nudge?.id ?? '')).toEqual({ ok: false, reason: 'taken' });
});
