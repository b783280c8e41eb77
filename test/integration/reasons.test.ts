import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

interface Answer {
  readonly decisions: readonly { on: string; at: number; reasons: readonly Record<string, unknown>[] }[];
  readonly isCutOff: boolean;
}

const search = () => ({ id: randomUUID(), name: 'search', at: Date.now(), params: {} });

it('an owner asks why something did not show, and is told in words, with the values, after a kill too', async () => {
  const dir = await tempDir();
  const rules = [
    rule('big', { on: 'add_to_cart', when: { 'cart.value': { $gte: 1_000 } } }),
    rule('hello', { on: 'search', limit: { times: 1, per: '1h' } }),
  ];
  const settings = { DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules }) };
  const hub = await startHub(settings);
  const [page, other] = [await openPage(hub.url), await openPage(hub.url)];
  for (let rev = 0; rev < 120; rev += 40) {
    const one = (_: unknown, index: number) => ({ ...search(), rev: rev + index + 1 });
    expect(await page.socket.emitWithAck('track', { events: Array.from({ length: 40 }, one) })).toMatchObject(
      {
        accepted: 40,
      },
    );
  }
  await other.track('search');
  await page.track('add_to_cart', { items: [mug] }, { rev: 200 });
  await hub.kill();
  const again = await startHub(settings);
  const { status, body } = await call(again.url, 'GET', `/v1/shoppers/${page.welcome.shopper}/reasons`);
  expect(status).toBe(200);
  const { decisions, isCutOff } = body as unknown as Answer;
  expect(isCutOff).toBe(false);
  expect(decisions).toHaveLength(100);
  expect(decisions[0]).toMatchObject({
    on: 'add_to_cart',
    reasons: [
      {
        rule: 'big',
        result: 'held',
        by: 'condition',
        wanted: '$gte 1000',
        actual: 37,
        words: 'cart.value was 37; the rule wants $gte 1000.',
      },
    ],
  });
  expect(decisions[1]).toMatchObject({ on: 'search', reasons: [{ by: 'already_live' }] });
  const korean = await call(again.url, 'GET', `/v1/shoppers/${other.welcome.shopper}/reasons?locale=ko`);
  expect(korean.body).toMatchObject({ decisions: [{ on: 'search', reasons: [{ words: '표시했습니다.' }] }] });
});

it('a shopper that the hub does not know has none, and a wrong id is refused', async () => {
  const dir = await tempDir();
  const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir) });
  expect((await call(hub.url, 'GET', `/v1/shoppers/${'A'.repeat(22)}/reasons`)).status).toBe(404);
  expect((await call(hub.url, 'GET', '/v1/shoppers/nobody/reasons')).status).toBe(400);
  const keyless = await call(hub.url, 'GET', `/v1/shoppers/${'A'.repeat(22)}/reasons`, undefined, {});
  expect(keyless.status).toBe(401);
});
