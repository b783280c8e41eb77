import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { atFileEnd } from '../support/file-end.ts';
import { startHub } from '../support/hub-process.ts';
import { until } from '../support/rig/until.ts';
import { tempDir } from '../support/temp-dir.ts';

const atEnd = atFileEnd();
let shop = '';

beforeAll(async () => {
  const port = String(await freePort());
  const hub = await startHub({ DATA_DIR: await tempDir(atEnd), PORT: port }, 'demo', atEnd);
  await until('the demo is ready', () => hub.log.join('\n').includes('Cartbell is ready'), 20_000);
  shop = `http://localhost:${port}`;
});
afterAll(closeBrowser);

it.each(['plain', 'react', 'vue'])(
  'the example in %s runs: a product is added, a nudge comes, the page hears of it, and the bell rings',
  async (name) => {
    const page = await (await openProfile({ locale: 'en-US' })).newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${shop}/examples/${name}`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByText('In your cart: 1').waitFor();
    await page.getByRole('heading', { name: 'Goes well with your cart' }).waitFor();
    await page.locator('[data-displayed=goes-well-together]').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Messages, 1 new' }).waitFor();
    expect(await page.locator('cart-bell').count()).toBe(1);
    expect(complaints.own).toEqual([]);
  },
);
