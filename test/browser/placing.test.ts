import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Nudge } from '../../shared/nudge.ts';
import { en } from '../../widget/locales/en.ts';
import { type CartBell, defineCartBell } from '../../widget/components/cart-bell.ts';
import { defineBar } from '../../widget/components/edge-bar.ts';
import type { NudgeRegion } from '../../widget/components/nudge-region.ts';
import { toast } from '../support/sample-toast.ts';

const bar: Nudge = { ...toast, id: 'n_bar_000001', kind: 'bar' };

let bell: CartBell;
let shop: HTMLElement;

beforeAll(async () => {
  defineCartBell();
  defineBar();
  await page.viewport(1280, 800);
});

beforeEach(() => {
  shop = document.createElement('main');
  bell = document.createElement('cart-bell') as CartBell;
  bell.words = en;
  document.body.append(shop, bell);
});

afterEach(() => {
  shop.remove();
  bell.remove();
  scrollTo(0, 0);
  document.documentElement.dir = '';
});

/** A part of the shop, drawn where the style says. */
function draw(tag: string, style: Partial<CSSStyleDeclaration>, text = 'Shop'): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  Object.assign(element.style, style);
  shop.append(element);
  return element;
}

const regionOf = (which: string) => bell.shadowRoot?.querySelector<NudgeRegion>(`cartbell-region${which}`);
const cardPlace = () => regionOf(':not([edge])')?.place;
const boxOf = (which: string) =>
  regionOf(which)?.shadowRoot?.querySelector('.region')?.getBoundingClientRect() ?? new DOMRect();

/** One that goes elsewhere is nowhere for a moment. */
const isAt = (which: string) => regionOf(which)?.place !== undefined;
const cardIsAboveBar = () =>
  isAt('[edge]') && isAt(':not([edge])') && boxOf(':not([edge])').bottom < boxOf('[edge]').top;

async function show(nudge: Nudge): Promise<void> {
  if (nudge.kind === 'bar') bell.bar = nudge;
  else bell.nudge = nudge;
  await bell.updateComplete;
  const region = regionOf(nudge.kind === 'bar' ? '[edge]' : ':not([edge])');
  await region?.updateComplete;
  // It looks for a place in the next frame.
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Whether a press on the middle of it gets there. */
function isInReach(element: HTMLElement): boolean {
  const { left, top, width, height } = element.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && element.contains(hit);
}

const fixed = { position: 'fixed' } as const;

describe('a card appears where it covers nothing of the shop’s own', () => {
  it('on an empty page in the corner where reading ends', async () => {
    await show(toast);
    expect(cardPlace()).toBe('bottom-end');
    expect(boxOf(':not([edge])')).toMatchObject({ right: innerWidth - 16, bottom: innerHeight - 16 });
  });

  it('in the other corner where the page is read from right to left', async () => {
    document.documentElement.dir = 'rtl';
    await show(toast);
    expect(boxOf(':not([edge])').left).toBe(16);
  });

  it.each<[what: string, style: Partial<CSSStyleDeclaration>]>([
    ['a chat', { ...fixed, right: '20px', bottom: '20px', width: '60px', height: '60px' }],
    ['a cookie banner', { ...fixed, left: '0', right: '0', bottom: '0', height: '180px' }],
  ])('above %s that stays in view', async (_, style) => {
    const button = draw('button', style);
    await show(toast);
    expect(cardPlace()).toBe('bottom-end');
    expect(boxOf(':not([edge])').bottom).toBeLessThanOrEqual(button.getBoundingClientRect().top);
    expect(isInReach(button)).toBe(true);
  });

  it.each([
    ['at the edge of the window', '0'],
    ['above a bar that stays there', '64px'],
  ])('above a bar to buy by that sticks %s', async (_, bottom) => {
    if (bottom === '64px') draw('nav', { ...fixed, inset: 'auto 0 0', height: '64px' });
    draw('div', { height: '3000px' });
    const button = draw('button', {
      position: 'sticky',
      display: 'block',
      width: '100%',
      height: '56px',
      bottom,
    });
    await show(bar);
    await show(toast);
    expect(boxOf('[edge]').bottom).toBeLessThanOrEqual(button.getBoundingClientRect().top);
    expect(boxOf(':not([edge])').bottom).toBeLessThan(boxOf('[edge]').top);
  });

  it('below a header that sticks, where there is no room at the bottom', async () => {
    draw('div', { ...fixed, inset: 'auto 0 0', height: '45vh' });
    const header = draw('header', { position: 'sticky', top: '0', height: '64px' });
    draw('div', { height: '3000px' });
    await show(toast);
    expect(cardPlace()).toBe('top-end');
    expect(boxOf(':not([edge])').top).toBeGreaterThanOrEqual(header.getBoundingClientRect().bottom);
  });

  it.each(['open', 'closed'] as const)('above a chat in a shadow tree that is %s', async (mode) => {
    const button = document.createElement('button');
    Object.assign(button.style, { ...fixed, right: '20px', bottom: '20px', width: '60px', height: '60px' });
    draw('shop-chat', {}, '').attachShadow({ mode }).append(button);
    await show(toast);
    expect(boxOf(':not([edge])').bottom).toBeLessThanOrEqual(button.getBoundingClientRect().top);
  });

  it('over what scrolls, where it is not the window that does', async () => {
    const screen = draw('div', { ...fixed, inset: '0', overflow: 'auto' }, '');
    const long = document.createElement('div');
    long.style.height = '3000px';
    screen.append(long);
    await show(toast);
    expect(cardPlace()).toBe('bottom-end');
  });

  it('beside a button of the page', async () => {
    const button = draw('button', { position: 'absolute', right: '40px', top: `${innerHeight - 90}px` });
    await show(toast);
    expect(cardPlace()).toBe('bottom-start');
    expect(isInReach(button)).toBe(true);
  });

  it('away from a field that is being filled in', async () => {
    const field = draw('input', {
      position: 'absolute',
      right: '200px',
      top: `${innerHeight - 90}px`,
      opacity: '0.9',
    });
    field.focus();
    await show(toast);
    expect(boxOf(':not([edge])').bottom).toBeLessThanOrEqual(field.getBoundingClientRect().top);
    expect(document.activeElement).toBe(field);
  });

  it('on the bar, where there is one, whichever comes first', async () => {
    await show(toast);
    await show(bar);
    expect(boxOf('[edge]')).toMatchObject({ left: 0, right: innerWidth, bottom: innerHeight });
    await expect.poll(cardIsAboveBar).toBe(true);
  });
});

describe('where there is no room', () => {
  it('it waits until there is, is not read out before, and does not count as displayed', async () => {
    const reports: string[] = [];
    bell.report = (what) => reports.push(what);
    const dialog = draw('div', { ...fixed, inset: '0' }, 'A dialog of the shop');
    // Well past the time after which what is in view counts as displayed.
    const looks = vi.spyOn(document, 'elementFromPoint');
    await show(toast);
    expect(cardPlace()).toBeUndefined();
    const inOneLook = looks.mock.calls.length;
    await expect.poll(() => looks.mock.calls.length, { timeout: 4_000 }).toBeGreaterThan(3 * inOneLook);
    looks.mockRestore();
    expect(reports).toEqual([]);
    expect(document.querySelector('.cartbell-announcer')?.textContent).toBe('');
    dialog.remove();
    await expect.poll(cardPlace).toBe('bottom-end');
    await expect.poll(() => reports, { timeout: 4_000 }).toEqual(['displayed']);
  });

  it('for long, it covers what can be scrolled to, where that is least', async () => {
    const now = vi.spyOn(performance, 'now');
    draw('div', { height: '3000px' });
    for (let top = 0; top < innerHeight; top += 40)
      for (let left = 0; left < innerWidth - 60; left += 60)
        if (left > 500 || top < 300 || left % 120 === 0)
          draw('a', {
            position: 'absolute',
            left: `${left}px`,
            top: `${top}px`,
            width: '50px',
            height: '30px',
          }).setAttribute('href', '#');
    await show(toast);
    expect(cardPlace()).toBeUndefined();
    now.mockReturnValue(performance.now() + 4_000);
    await expect.poll(cardPlace).toBe('bottom-start');
    now.mockRestore();
  });
});

describe('a card that is up', () => {
  const corner = { ...fixed, right: '20px', bottom: '20px', width: '60px', height: '60px' };

  it('gives way to what comes to stay under it', async () => {
    await show(toast);
    const button = draw('button', corner);
    expect(isInReach(button)).toBe(false);
    await expect.poll(() => isInReach(button)).toBe(true);
    await expect.poll(cardPlace).toBe('bottom-end');
    expect(boxOf(':not([edge])').bottom).toBeLessThanOrEqual(button.getBoundingClientRect().top);
  });

  it('together with the bar on which it stands', async () => {
    await show(bar);
    await show(toast);
    draw('div', { ...fixed, inset: 'auto 0 0', height: '180px' }, 'Cookies');
    await expect.poll(() => isAt('[edge]') && boxOf('[edge]').bottom <= innerHeight - 180).toBe(true);
    await expect.poll(cardIsAboveBar).toBe(true);
  });

  it('gives way to what a scroll brings to the end of the page', async () => {
    draw('div', { height: '3000px' });
    const link = draw('a', { display: 'block', textAlign: 'end' }, 'Terms');
    link.setAttribute('href', '#terms');
    await show(bar);
    const box = boxOf('[edge]');
    scrollTo(0, document.documentElement.scrollHeight);
    expect(link.getBoundingClientRect().bottom).toBeGreaterThan(box.top);
    await expect.poll(() => isInReach(link)).toBe(true);
  });

  it('is not taken away from under a pointer or the focus', async () => {
    await show(toast);
    await userEvent.hover(page.getByRole('heading', { name: toast.title }));
    const button = draw('button', corner);
    const looks = vi.spyOn(document, 'elementFromPoint');
    // As a page that goes on changing: it is looked at, and looked at again.
    for (let change = 0; change < 60; change++) {
      button.title = `Changed ${change}`;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    expect(looks).not.toHaveBeenCalled();
    looks.mockRestore();
    expect(isInReach(button)).toBe(false);
    await userEvent.keyboard('{F8}');
    await userEvent.hover(page.elementLocator(document.body), { position: { x: 5, y: 5 } });
    expect(document.activeElement).toBe(bell);
    expect(isInReach(button)).toBe(false);
    (document.activeElement as HTMLElement).blur();
    await expect.poll(() => isInReach(button)).toBe(true);
  });

  it('is read out once and reported once, wherever it goes', async () => {
    const reports: string[] = [];
    bell.report = (what) => reports.push(what);
    await show(toast);
    const announcer = document.querySelector('.cartbell-announcer');
    await expect.poll(() => announcer?.textContent).not.toBe('');
    const said = announcer?.firstChild;
    const button = draw('button', corner);
    await expect.poll(() => isInReach(button)).toBe(true);
    await expect.poll(() => reports, { timeout: 4_000 }).toEqual(['displayed']);
    expect(announcer?.firstChild).toBe(said);
  });

  it('looks at nothing while the page does not change', async () => {
    await show(toast);
    const looks = vi.spyOn(document, 'elementFromPoint');
    // What is read out is in the page too.
    await expect.poll(() => looks.mock.calls.length).toBeGreaterThan(0);
    looks.mockClear();
    for (let frame = 0; frame < 60; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(looks).not.toHaveBeenCalled();
    looks.mockRestore();
  });

  it('is above the page again when it was taken out and put back', async () => {
    await show(toast);
    bell.remove();
    document.body.append(bell);
    await expect.poll(() => boxOf(':not([edge])').height).toBeGreaterThan(0);
    await expect.poll(cardPlace).toBe('bottom-end');
  });
});
