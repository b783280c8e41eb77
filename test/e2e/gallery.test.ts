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
    const page = await open(`lang=${lang}`, PHONE);
    const controls = await inPage(
      page,
      (elements) =>
        elements.filter(
          (one) =>
            one.matches('a[href], button, input') &&
            !one.closest('nav') &&
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
