import type { Page } from 'playwright';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openProfile } from '../support/browser.ts';
import { type Harm, NO_HARM, watchForHarm } from '../support/harm.ts';
import { startHub } from '../support/hub-process.ts';
import { KINDS, PAYLOADS } from '../support/payloads/payloads.ts';
import { bringSurveyor, type Surveyed } from '../support/survey.ts';
import { tempDir } from '../support/temp-dir.ts';

afterAll(closeBrowser);

const TEXTS = PAYLOADS.filter((text) => !KINDS.TOO_LONG.includes(text));
const LONGEST_CODE = 64;
const LONGEST_ADDRESS = 3_000;
const SHOWN_FOR = (code: string) => `${code} is on your order. We check it when you place the order.`;

/** The texts in as few addresses as they fit into: a page is a page, whatever its address says. */
function addressesOf(texts: readonly string[]): string[][] {
  const addresses: string[][] = [[]];
  for (const text of texts) {
    const last = addresses.at(-1) ?? [];
    if (encodeURIComponent([...last, text].join(' ')).length > LONGEST_ADDRESS) addresses.push([text]);
    else last.push(text);
  }
  return addresses;
}

/** What the shop itself has drawn; the inspector beside it lists what happens. */
function look(page: Page): Promise<{ shapes: string[]; faults: string[] }> {
  return page.evaluate(async () => {
    const { surveyor } = window as unknown as Surveyed;
    await surveyor.until(() => document.querySelector('footer'), 'a whole page');
    const found = { placed: {}, faults: [] as string[] };
    const parts = [...document.querySelectorAll('body > :is(header, main, footer)')];
    return { shapes: parts.map((part) => surveyor.survey(part, null, [], found)), faults: found.faults };
  });
}

async function openShop(): Promise<{ page: Page; harm: Harm; url: string }> {
  const { url } = await startHub({ DATA_DIR: await tempDir() }, 'demo');
  const context = await openProfile();
  const harm = await watchForHarm(context, url);
  await context.addInitScript(() =>
    localStorage.setItem('shop_cart', JSON.stringify([{ item_id: 'mug', quantity: 1 }])),
  );
  const page = await context.newPage();
  await bringSurveyor(page);
  return { page, harm, url };
}

it('a visitor whose address says something that means harm finds the page as others do', async () => {
  const { page, harm, url } = await openShop();
  const visit = async (path: string, said: string) => {
    const word = encodeURIComponent(said);
    await page.goto(
      `${url}${path.replace('WORD', word)}?lang=en&inspect=${word}&code=${word.slice(0, 30)}#${word}`,
    );
    return look(page);
  };
  const addresses = addressesOf(TEXTS);
  expect(addresses.flat()).toEqual(TEXTS);
  for (const path of ['/products/WORD', '/category/WORD']) {
    const usual = await visit(path, 'nothing');
    for (const texts of addresses) {
      const { shapes, faults } = await visit(path, texts.join(' '));
      expect(faults).toEqual([]);
      expect(shapes).toEqual(usual.shapes);
    }
  }
  expect(harm).toEqual(NO_HARM);
});

it('whatever is given as a code is shown as it was given', async () => {
  const { page, harm, url } = await openShop();
  await page.goto(`${url}/checkout?lang=en`);
  await page.locator('#code').waitFor();
  const told = await page.evaluate((texts) => {
    const field = document.querySelector<HTMLInputElement>('#code');
    return texts.map((text) => {
      if (field) field.value = text;
      const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
      field?.dispatchEvent(enter);
      const given = field?.value ?? '';
      const status = document.querySelector('#code-status');
      return { given, said: status?.textContent, elements: status?.childElementCount };
    });
  }, TEXTS);
  expect(told).toHaveLength(TEXTS.length);
  let shown = 0;
  for (const { given, said, elements } of told) {
    expect(elements).toBe(0);
    const code = given.trim().slice(0, LONGEST_CODE);
    if (code === '') continue;
    expect(said).toBe(SHOWN_FOR(code));
    shown++;
  }
  expect(shown).toBeGreaterThan(TEXTS.length - 5);
  expect(harm).toEqual(NO_HARM);
});

it('an order by somebody whose address of mail means harm is thanked for in words', async () => {
  const { page, harm, url } = await openShop();
  const mail = '"><img/src=x/onerror=__pwned()>@beacon.invalid';
  await page.goto(`${url}/checkout?lang=en`);
  await page.getByRole('button', { name: /fill in example/i }).click();
  for (const field of await page.locator('input[type=text]:not(#code)').all())
    await field.fill('"><img src=x onerror=__pwned()>');
  await page.locator('#email').fill(mail);
  await page.getByRole('button', { name: /place order/i }).click();
  await page.locator('[data-order-id]').waitFor();
  expect(await page.locator('.thanks').textContent()).toContain(mail);
  expect(await page.locator('.thanks img[src=x]').count()).toBe(0);
  expect(harm).toEqual(NO_HARM);
});
