import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBrowser, complaintsOf, openProfile } from '../support/browser.ts';
import { atFileEnd } from '../support/file-end.ts';
import { startHub } from '../support/hub-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const NARROWEST = { width: 320, height: 568 };

/** Each language, theme, scheme, direction and size, each with the others at least once. */
const LOOKS = [
  ['lang=en&theme=usual&scheme=light', DESKTOP],
  ['lang=ko&theme=usual&scheme=dark', PHONE],
  ['lang=en&theme=plain&scheme=dark', DESKTOP],
  ['lang=ko&theme=plain&scheme=light', NARROWEST],
  ['lang=en&theme=soft&scheme=light&dir=rtl', PHONE],
  ['lang=ko&theme=soft&scheme=dark', DESKTOP],
  ['lang=en&theme=usual&scheme=dark&dir=rtl', DESKTOP],
  ['lang=ko&theme=usual&scheme=light&size=200', { width: 640, height: 900 }],
  ['lang=en&theme=plain&scheme=light&size=200', { width: 640, height: 900 }],
  // With the panel for a theme of one's own, which is open where there is one.
  ['lang=en&accent=%23ffd500', DESKTOP],
  ['lang=ko&scheme=dark&accent=%23ffd500&radius=4px', PHONE],
  ['lang=en&theme=soft&accent=%23ff6a00&dir=rtl&size=200', { width: 640, height: 900 }],
] as const;

let url = '';

const atEnd = atFileEnd();

beforeAll(async () => {
  const hub = await startHub({ DATA_DIR: await tempDir(atEnd) }, 'demo', atEnd);
  url = hub.url;
});
afterAll(closeBrowser);

type Media = Parameters<Page['emulateMedia']>[0];

async function open(
  query: string,
  size: { width: number; height: number },
  media: Media = {},
): Promise<Page> {
  const page = await (await openProfile({ timezoneId: 'Europe/Berlin' })).newPage();
  await page.setViewportSize(size);
  await page.emulateMedia(media);
  await page.goto(`${url}/gallery?${query}`);
  await page.locator('cartbell-button').last().waitFor();
  return page;
}

/** Everything on the page, also inside shadow trees, by a function that runs there. */
async function inPage<T>(page: Page, look: (elements: Element[]) => T): Promise<T> {
  return page.evaluate(`(${String(look)})((function all(root) {
    return [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  })(document))`);
}

describe.each(LOOKS)('with %s', (query, size) => {
  it('every state is clean to axe, contrast included, and nothing is cut off or sticks out', async () => {
    const page = await open(query, size, { reducedMotion: 'reduce' });
    const complaints = complaintsOf(page);
    await page.evaluate(AXE);
    const { violations }: AxeResults = await page.evaluate(
      'axe.run({ rules: { region: { enabled: false } } })',
    );
    expect(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html)])).toEqual([]);
    const odd = await inPage(page, (elements) =>
      elements.flatMap((element) => {
        // Goods go on to the side, and are scrolled to; what is done of a progress comes in from there.
        if (element.closest('.unseen, [part=strip], [part=progress-done]')) return [];
        const { left, right, width } = element.getBoundingClientRect();
        const isOut = width > 0 && (left < -1 || right > innerWidth + 1);
        const isCut =
          element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'hidden';
        return isOut || isCut
          ? [`${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`]
          : [];
      }),
    );
    expect(odd).toEqual([]);
    expect(complaints).toEqual({ own: [], network: [] });
  });
});

describe.each(['en', 'ko'])('in %s', (lang) => {
  it('a screen reader is told what each state is, and what each control does', async () => {
    const page = await open(`lang=${lang}`, DESKTOP);
    const tree = await page.locator('.stages').ariaSnapshot();
    const still = tree.replace(/\d+:\d\d(:\d\d)?/g, '0:00');
    await expect(still).toMatchFileSnapshot(`./gallery/${lang}.aria.txt`);
  });

  it('every control is reached by the Tab key, shows that it is, and is large enough to be touched', async () => {
    const page = await open(`lang=${lang}&accent=%23ffd500`, PHONE);
    const controls = await inPage(
      page,
      (elements) =>
        elements.filter(
          (one) =>
            one.matches('a[href], button, input') &&
            !one.closest('nav') &&
            one.checkVisibility() &&
            !one.matches('[type=radio]:not(:checked)'),
        ).length,
    );
    await page.locator('nav a').last().focus();
    const odd: string[] = [];
    let reached = 0;
    for (; reached <= controls + 10; reached++) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        let one = document.activeElement;
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        if (!one || one === document.body) return null;
        const { width, height } = one.getBoundingClientRect();
        const { outlineStyle, outlineWidth, display } = getComputedStyle(one);
        // Links within a sentence may be as high as its line (WCAG 2.2, 2.5.8).
        const isSmall = (width < 24 || height < 24) && display !== 'inline' && !one.matches('input');
        return {
          name: one.outerHTML.slice(0, 90),
          isSmall,
          isShown: outlineStyle !== 'none' && outlineWidth !== '0px',
        };
      });
      if (seen === null) break;
      if (seen.isSmall || !seen.isShown) odd.push(`${seen.isSmall ? 'small' : 'not shown'}: ${seen.name}`);
    }
    expect(odd).toEqual([]);
    expect(reached).toBeGreaterThanOrEqual(controls);
  });
});

/** Each too close to white or to black, or in the middle. */
const ACCENTS = ['#ffd500', '#ff6a00', '#e11d48', '#2563eb', '#00b37e', '#7c7c7c', '#111111', '#fafafa'];

async function contrastFaults(page: Page): Promise<string[]> {
  const { violations }: AxeResults = await page.evaluate("axe.run({ runOnly: ['color-contrast'] })");
  return violations.flatMap(({ nodes }) => nodes.map(({ html }) => html));
}

describe('an owner who tries a theme', () => {
  const verdict = (page: Page, pair: string, scheme: 'Light' | 'Dark') =>
    page
      .getByRole('row', { name: pair })
      .getByRole('cell')
      .nth(scheme === 'Light' ? 0 : 1)
      .textContent();

  it('is told which two colours are too close and what would do, until they are not', async () => {
    const page = await open('', DESKTOP, { reducedMotion: 'reduce' });
    await page.getByText('Your own theme').click();
    await page.getByLabel('Muted text', { exact: true }).fill('#bbbbbb');
    await expect.poll(() => verdict(page, 'Muted text on surface', 'Light')).toContain('fails: needs 4.5');
    expect(await verdict(page, 'Muted text on surface', 'Dark')).toContain('passes');
    expect(await verdict(page, 'Text on surface', 'Light')).toContain('passes');
    expect(await page.locator('[data-enough=no]').count()).toBe(2);
    const better = /#[\da-f]{6}/.exec((await verdict(page, 'Muted text on tint', 'Light')) ?? '')?.[0] ?? '';
    await page.getByLabel('Muted text', { exact: true }).fill(better);
    await expect.poll(() => verdict(page, 'Muted text on surface', 'Light')).toContain('passes');
    expect(await verdict(page, 'Muted text on tint', 'Light')).toContain('passes');
    await page.evaluate(AXE);
    expect(await contrastFaults(page)).toEqual([]);
  });

  it('sees every nudge wear it, in the next scheme too, and takes its CSS along', async () => {
    const page = await open('', DESKTOP, { reducedMotion: 'reduce' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('Your own theme').click();
    await page.getByLabel('Accent', { exact: true }).fill('#7a00cc');
    await page.getByLabel('Roundness', { exact: true }).fill('4');
    const worn = () =>
      inPage(page, (elements) => {
        const cta = elements.filter((one) => one.matches('.cta')).map((one) => getComputedStyle(one));
        return [...new Set(cta.map(({ backgroundColor, color }) => `${backgroundColor} ${color}`))];
      });
    expect(await worn()).toEqual(['rgb(122, 0, 204) rgb(255, 255, 255)']);
    await page.getByRole('button', { name: 'Copy CSS' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      ':root {\n  --cartbell-accent: #7a00cc;\n  --cartbell-radius: 4px;\n}\n',
    );
    await page.getByRole('link', { name: 'dark' }).click();
    await page.locator('cartbell-button').last().waitFor();
    expect(await worn()).toEqual(['rgb(122, 0, 204) rgb(255, 255, 255)']);
    await page.getByRole('button', { name: 'Accent: as the theme has it' }).click();
    expect(await worn()).toEqual(['rgb(143, 208, 180) rgb(16, 36, 29)']);
  });

  it.each(['light', 'dark'])('can read any accent that they give alone, in %s', async (scheme) => {
    const page = await open(`scheme=${scheme}&accent=%23123456`, DESKTOP, { reducedMotion: 'reduce' });
    await page.evaluate(AXE);
    for (const accent of ACCENTS) {
      await page.getByLabel('Accent', { exact: true }).fill(accent);
      expect([accent, await page.locator('[data-enough=no]').count()]).toEqual([accent, 0]);
      expect([accent, await contrastFaults(page)]).toEqual([accent, []]);
    }
    await page.getByLabel('Accent', { exact: true }).fill('#ffd500');
    await page.getByLabel('Text on accent', { exact: true }).fill('#ffffff');
    expect(await verdict(page, 'Text on accent', 'Light')).toContain('fails: needs 4.5');
    expect((await contrastFaults(page)).join()).toContain('Go to my cart');
  });
});

it('a developer who asks in the console of any page of the shop is told what can’t be read there', async () => {
  const page = await (await openProfile()).newPage();
  const [said, loaded] = [[] as string[], [] as string[]];
  page.on('console', (line) => said.push(line.text()));
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto(url);
  await page.locator('cart-bell').waitFor({ state: 'attached' });
  await page.evaluate(() => document.documentElement.style.setProperty('--cartbell-muted', '#777'));
  expect(loaded).not.toContain('/check-theme.js');
  await page.evaluate(`import('${url}/check-theme.js')`);
  const about = (scheme: string) =>
    said.filter((line) => line.startsWith(`Cartbell: in ${scheme}, --cartbell-muted (#777777)`)).length;
  await expect.poll(() => [about('light'), about('dark')]).toEqual([2, 2]);
});

it('nothing moves where the shopper wants no motion, and something does where they do not mind', async () => {
  const moving = async (media: Media) => {
    const page = await (await openProfile()).newPage();
    await page.emulateMedia(media);
    await page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      document.addEventListener('animationstart', (event) => seen.push(event.animationName), true);
    });
    await page.goto(`${url}/gallery`);
    await page.locator('cartbell-button').last().waitFor();
    return inPage(page, (elements) => elements.flatMap((one) => one.getAnimations()).length);
  };
  expect(await moving({ reducedMotion: 'reduce' })).toBe(0);
  expect(await moving({ reducedMotion: 'no-preference' })).toBeGreaterThan(0);
});

it('in forced colours every card, button and bar has a border that can be seen', async () => {
  const page = await open('', DESKTOP, { forcedColors: 'active', reducedMotion: 'reduce' });
  const bare = await inPage(page, (elements) =>
    elements
      .filter((one) => one.matches('article, .cta, cartbell-more button, [part=copy], .frame'))
      .filter((one) => {
        const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(one);
        return borderTopStyle === 'none' || borderTopWidth === '0px' || borderTopColor === backgroundColor;
      })
      .map((one) => one.outerHTML.slice(0, 90)),
  );
  expect(bare).toEqual([]);
});
