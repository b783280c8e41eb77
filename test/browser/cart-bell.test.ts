import axe from 'axe-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Nudge } from '../../shared/nudge.ts';
import { loadPartsOf } from '../../widget/components/card-parts.ts';
import { type CartBell, defineCartBell } from '../../widget/components/cart-bell.ts';
import { defineBar } from '../../widget/components/edge-bar.ts';
import { loadWords } from '../../widget/locales/choose-words.ts';
import { shopCart } from '../../widget/shop-cart.ts';
import { HubClock } from '../../widget/hub-clock.ts';
import { HUB_NOW, toast } from '../support/sample-toast.ts';

const countdown: Nudge = {
  ...toast,
  id: 'n_count_0001',
  kind: 'countdown',
  title: 'Still thinking it over?',
  cta: { label: 'Back to my cart', href: '#cart' },
  offer: { code: '01BS-RV43-CRGQ-2VEM', percentOff: 10, currency: 'EUR', expiresAt: HUB_NOW + 300_000 },
};
const recommendation: Nudge = {
  ...toast,
  id: 'n_strip_0001',
  kind: 'recommendation',
  title: 'Goes well with your cart',
  items: ['Teapot', 'Bowls', 'Carafe'].map((item_name) => ({
    item_id: item_name,
    item_name,
    price: 26,
    currency: 'EUR',
    url: '#item',
  })),
};

const progress: Nudge = {
  ...toast,
  id: 'n_progress_01',
  kind: 'progress',
  title: 'Free delivery',
  progress: { value: 37, goal: 60, currency: 'EUR', reached: 'Delivery is on us.' },
};
const bar: Nudge = {
  ...toast,
  id: 'n_bar_000001',
  kind: 'bar',
  title: 'Returns are free until January',
  body: 'For every order of this week.',
  cta: { label: 'How it works', href: '#returns' },
};

let bell: CartBell;
let reports: string[];

beforeAll(() => {
  defineCartBell();
  defineBar();
});

beforeEach(async () => {
  document.documentElement.lang = 'en';
  bell = document.createElement('cart-bell') as CartBell;
  reports = [];
  const clock = new HubClock();
  clock.set(HUB_NOW);
  bell.clock = clock;
  bell.report = (what) => reports.push(what);
  document.body.append(bell);
  await bell.updateComplete;
});

afterEach(() => bell.remove());

async function show(nudge: Nudge, locale = 'en'): Promise<void> {
  await loadPartsOf(nudge);
  bell.locale = locale;
  bell.words = await loadWords(locale);
  bell.nudge = nudge;
  await bell.updateComplete;
  await expect.element(page.getByRole('heading', { name: nudge.title })).toBeVisible();
}

const reported = (what: string) => expect.poll(() => reports).toContain(what);

describe('every nudge', () => {
  it.each([toast, countdown, recommendation, progress])(
    '$kind is shown above the page, and is clean to axe in both languages',
    async (nudge) => {
      for (const locale of ['en', 'ko']) {
        await show(nudge, locale);
        // The card rises for a moment; while it does, it is paler than it will be.
        await expect.poll(() => cardAnimations()).toBe(0);
        const { violations } = await axe.run(bell, { rules: { region: { enabled: false } } });
        expect(violations.map(({ id, nodes }) => [id, nodes[0]?.failureSummary])).toEqual([]);
      }
    },
  );

  it.each([toast, countdown, recommendation, progress])(
    '$kind is closed by its button, which says what it does',
    async (nudge) => {
      await show(nudge);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await reported('dismissed');
    },
  );

  it('reports that it was seen after a second in view, once', async () => {
    await show(toast);
    await reported('displayed');
    bell.nudge = null;
    await bell.updateComplete;
    await show(toast);
    expect(reports.filter((what) => what === 'displayed')).toHaveLength(1);
  });

  it('is read out by a live region in the page itself', async () => {
    await show(toast);
    const region = document.querySelector('.cartbell-announcer');
    expect(region?.getAttribute('role')).toBe('status');
    await expect.poll(() => region?.textContent).toBe(`${toast.title} ${toast.body}`);
  });

  it('never takes the focus; F8 goes there, Escape closes it', async () => {
    const field = document.createElement('input');
    field.setAttribute('aria-label', 'Search');
    document.body.append(field);
    field.focus();
    await show(toast);
    expect(document.activeElement).toBe(field);
    await userEvent.keyboard('{F8}');
    expect(document.activeElement).toBe(bell);
    await userEvent.keyboard('{Escape}');
    await reported('dismissed');
    field.remove();
  });

  it('tells the page by DOM events that cross the shadow root', async () => {
    const heard: unknown[] = [];
    document.body.addEventListener(
      'cartbell:dismissed',
      (event) => heard.push((event as CustomEvent).detail),
      { once: true },
    );
    await show(toast);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(heard).toEqual([{ nudge: toast.id, kind: 'toast', rule: 'hello' }]);
  });

  it('speaks Korean where the page does', async () => {
    await show(countdown, 'ko-KR');
    await expect.element(page.getByRole('button', { name: '닫기' })).toBeVisible();
    await expect.element(page.getByText('남은 시간')).toBeVisible();
  });
});

describe('a countdown', () => {
  it('shows the hub’s deadline, whatever the shopper’s clock says', async () => {
    const { now } = Date;
    Date.now = () => now() + 366 * 86_400_000;
    await show(countdown);
    await expect.element(page.getByRole('timer')).toHaveTextContent(/^(5:00|4:59)$/);
    Date.now = now;
  });

  it('ends by itself at its deadline', async () => {
    bell.clock?.set(HUB_NOW + 299_000);
    await show(countdown);
    await expect.element(page.getByRole('timer')).toHaveTextContent('0:01');
    await reported('ended');
  });

  it('reports a click on its link, and stays', async () => {
    await show(countdown);
    await page.getByRole('link', { name: 'Back to my cart' }).click();
    await reported('clicked');
    await expect.element(page.getByRole('timer')).toBeVisible();
  });
});

describe('a recommendation', () => {
  it('shows names and prices, and reports a pick', async () => {
    await show(recommendation);
    await expect.element(page.getByText('€26.00').first()).toBeVisible();
    await page.getByRole('link', { name: /Teapot/ }).click();
    await reported('clicked');
  });
});

describe('a recommendation in a shop that says how its cart is filled', () => {
  afterEach(() => (shopCart.add = null));

  it('puts a product there by the shop’s own means, says so once it is there, and stays for the next', async () => {
    const asked: string[] = [];
    shopCart.add = ({ item_id }) => Promise.resolve(asked.push(item_id));
    await show(recommendation);
    await page.getByRole('button', { name: 'Add to cart Teapot' }).click();
    await expect.element(page.getByRole('button', { name: 'Added Teapot' })).toBeVisible();
    await page.getByRole('button', { name: 'Added Teapot' }).click({ force: true });
    await page.getByRole('button', { name: 'Add to cart Bowls' }).click();
    await expect.poll(() => reports.filter((what) => what === 'added')).toHaveLength(2);
    expect(asked).toEqual(['Teapot', 'Bowls']);
    const { violations } = await axe.run(bell, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('leads to the product’s page where the shop can’t', async () => {
    shopCart.add = () => Promise.reject(new Error('Choose a size.'));
    await show(recommendation);
    await page.getByRole('button', { name: 'Add to cart Teapot' }).click();
    await expect.poll(() => location.hash).toBe('#item');
    expect(reports).not.toContain('added');
  });
});

describe('a progress bar', () => {
  it('says how much is to go, and moves when it is told anew without being read out again', async () => {
    await show(progress);
    const meter = page.getByRole('progressbar', { name: 'How far your cart has come' });
    await expect.element(meter).toHaveAttribute('aria-valuetext', '€23.00 to go');
    await expect.element(page.getByText('€23.00 to go')).toBeVisible();
    const announcer = document.querySelector('.cartbell-announcer');
    await expect.poll(() => announcer?.textContent).toContain(progress.title);
    const said = announcer?.firstChild;
    bell.nudge = {
      ...progress,
      progress: { value: 64, goal: 60, currency: 'EUR', reached: 'Delivery is on us.' },
    };
    await expect.element(meter).toHaveAttribute('aria-valuetext', 'Delivery is on us.');
    await expect.element(meter).toHaveAttribute('aria-valuenow', '60');
    expect(announcer?.firstChild).toBe(said);
  });
});

describe('a bar', () => {
  const showBar = async (locale = 'en') => {
    bell.locale = locale;
    bell.words = await loadWords(locale);
    bell.bar = bar;
    await bell.updateComplete;
    await expect.element(page.getByText(bar.title, { exact: true })).toBeVisible();
  };

  it('lies along the edge of the window beside a card, and is clean to axe in both languages', async () => {
    await show(toast);
    for (const locale of ['en', 'ko']) {
      await showBar(locale);
      await expect.poll(() => cardAnimations()).toBe(0);
      const { violations } = await axe.run(bell, { rules: { region: { enabled: false } } });
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.failureSummary])).toEqual([]);
    }
    const edge = boxOf('[edge]');
    expect(edge).toMatchObject({ left: 0, right: innerWidth, bottom: innerHeight });
    await expect.poll(() => boxOf(':not([edge])')?.bottom).toBeLessThan(edge?.top ?? 0);
  });

  it('is left by its button and by Escape, and followed by its link, each of which is told', async () => {
    await showBar();
    await page.getByRole('link', { name: 'How it works' }).click();
    await reported('clicked');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => reports.filter((what) => what === 'dismissed')).toHaveLength(1);
    await userEvent.keyboard('{F8}{Escape}');
    await expect.poll(() => reports.filter((what) => what === 'dismissed')).toHaveLength(2);
  });

  it('counts as displayed after a second, as a card does beside it', async () => {
    const seen: string[] = [];
    bell.report = (what, { id }) => void (what === 'displayed' && seen.push(id));
    await showBar();
    await show(toast);
    await expect.poll(() => seen.toSorted(), { timeout: 4_000 }).toEqual([bar.id, toast.id].toSorted());
  });
});

describe('the element', () => {
  it('leaves nothing behind: 200 nudges, one announcer, no timers of nudges that are gone', async () => {
    for (let count = 0; count < 200; count++) {
      bell.nudge = { ...countdown, id: `n_many_${count}` };
      await bell.updateComplete;
    }
    expect(document.querySelectorAll('.cartbell-announcer')).toHaveLength(1);
    bell.remove();
    expect(document.querySelectorAll('.cartbell-announcer')).toHaveLength(0);
  });

  it('stays inside a phone', async () => {
    await page.viewport(360, 640);
    await show(recommendation);
    const card = boxOf(':not([edge])');
    expect(card && card.left >= 0 && card.right <= 360 && card.bottom <= 640).toBe(true);
    await page.viewport(1280, 800);
  });
});

/** Where a region stands: the one along the edge, or the other one. */
function boxOf(which: string): DOMRect | undefined {
  const region = bell.shadowRoot?.querySelector(`cartbell-region${which}`);
  return region?.shadowRoot?.querySelector('.region')?.getBoundingClientRect();
}

function cardAnimations(): number {
  const card = bell.shadowRoot?.querySelector('cartbell-card')?.shadowRoot;
  return card?.getAnimations().filter(({ playState }) => playState === 'running').length ?? 0;
}
