import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { atFileEnd } from '../support/file-end.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { mug, openPage } from '../support/page.ts';
import { ORIGIN, siteFile } from '../support/sample-site.ts';
import { IDENTITY_KEY, shopToken } from '../support/shop-token.ts';
import { tempDir } from '../support/temp-dir.ts';

let hub: HubProcess;
const atEnd = atFileEnd();
beforeAll(async () => {
  const dir = await tempDir(atEnd);
  const SITE_FILE = await siteFile(dir, {
    identityKey: IDENTITY_KEY,
    settings: { holdoutPercent: 0, cartPage: '/basket?view=full' },
  });
  hub = await startHub({ DATA_DIR: dir, SITE_FILE }, 'main', atEnd);
});

async function shopperWithCart() {
  const page = await openPage(hub.url);
  await page.track('add_to_cart', { items: [mug] });
  const { shopper, token } = page.welcome;
  const link = async (validFor = '1d') => {
    const { body } = await call(hub.url, 'POST', '/v1/recovery-links', { shopper, validFor });
    return body as { url: string; expiresAt: number };
  };
  return { page, shopper, token, link };
}

const follow = async (url: string) => {
  const { status, headers } = await fetch(url, { redirect: 'manual' });
  return { status, to: headers.get('location'), cookies: headers.getSetCookie(), headers };
};
const read = async (token: string, origin: string | null = ORIGIN) => {
  const headers = origin === null ? {} : { origin };
  const answer = await fetch(`${hub.url}/v1/recovered-carts/${token}`, { headers });
  return {
    status: answer.status,
    body: (await answer.json()) as { items?: { item_id: string; quantity: number }[] },
  };
};
const tokenIn = (to: string | null) => new URL(to ?? '').searchParams.get('cartbell_cart') ?? '';

it('leads to the shop’s cart page, which is told what is in the cart, and makes nobody the shopper', async () => {
  const { shopper, token, link } = await shopperWithCart();
  const { url, expiresAt } = await link();
  expect(expiresAt).toBeGreaterThan(Date.now());
  expect([shopper, token].some((word) => url.includes(word))).toBe(false);
  const { status, to, cookies, headers } = await follow(url);
  expect([status, cookies, headers.get('referrer-policy')]).toEqual([303, [], 'no-referrer']);
  expect(to).toMatch(new RegExp(`^${ORIGIN}/basket\\?view=full&cartbell_cart=`));
  const { body } = await read(tokenIn(to));
  expect(body).toEqual({
    items: [expect.objectContaining({ item_id: 'mug', quantity: mug.quantity }) as unknown],
  });
  // As a token it opens nothing.
  expect((await openPage(hub.url, { token: tokenIn(to).slice(0, 200) })).welcome.shopper).not.toBe(shopper);
});

describe('leads to the shop, and to no cart', () => {
  it('once that cart was bought, also when another one has been begun', async () => {
    const { page, shopper, link } = await shopperWithCart();
    const { url } = await link();
    const token = tokenIn((await follow(url)).to);
    await page.track('purchase', { transaction_id: randomUUID(), items: [mug] });
    await page.track('add_to_cart', { items: [{ ...mug, item_id: 'pot' }] });
    expect((await follow(url)).to).toBe(`${ORIGIN}/basket?view=full`);
    expect(await read(token)).toMatchObject({ status: 404 });
    expect((await call(hub.url, 'DELETE', `/v1/shoppers/${shopper}`)).status).toBe(200);
    expect((await follow(url)).to).toBe(`${ORIGIN}/basket?view=full`);
  });

  it('once its time is over', async () => {
    const { link } = await shopperWithCart();
    const { url, expiresAt } = await link('1ms');
    await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt);
    expect((await follow(url)).to).toBe(`${ORIGIN}/basket?view=full`);
  });
});

it('goes along when it becomes known who the shopper is', async () => {
  const { token, link } = await shopperWithCart();
  const { url } = await link();
  await openPage(hub.url, { token, identity: await shopToken('jo') });
  expect(await read(tokenIn((await follow(url)).to))).toMatchObject({ status: 200 });
});

it('is nobody else’s to make: what was changed or made up, and a page of another shop, are told that there is no such cart', async () => {
  const { shopper, link } = await shopperWithCart();
  const token = tokenIn((await follow((await link()).url)).to);
  const [payload = '', mac = ''] = token.split('.');
  const forged = Buffer.from(JSON.stringify(['test', shopper, 0, 9e15])).toString('base64url');
  const made = createHmac('sha256', 'guess').update(`recovery link\n${forged}`).digest().subarray(0, 16);
  const bad = [
    'x',
    '..',
    payload,
    `${payload}.`,
    `${forged}.${mac}`,
    `${forged}.${made.toString('base64url')}`,
    `${payload}A.${mac}`,
  ];
  for (const one of bad) {
    expect(await read(encodeURIComponent(one))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await follow(`${hub.url}/r/${encodeURIComponent(one)}`)).status).toBe(404);
  }
  for (const origin of [null, 'http://evil.test'])
    expect(await read(token, origin)).toMatchObject({ status: 404 });
});

it.each([
  ['no cart', {}, 404],
  ['more than thirty days', { validFor: '31d' }, 400],
])('is not made for %s', async (_, more, status) => {
  const { shopper } = (await openPage(hub.url)).welcome;
  expect((await call(hub.url, 'POST', '/v1/recovery-links', { shopper, ...more })).status).toBe(status);
});
