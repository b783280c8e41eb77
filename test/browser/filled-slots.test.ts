import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { Nudge } from '../../shared/nudge.ts';
import { FilledSlots } from '../../widget/filled-slots.ts';
import { en } from '../../widget/locales/en.ts';
import { MarkedSlots } from '../../widget/marked-slots.ts';

const note: Nudge = {
  id: 'n_promise_01',
  seq: 1,
  kind: 'inline',
  rule: 'promise',
  priority: 50,
  slot: 'delivery-promise',
  look: 'note',
  title: 'Ordered by three, sent today.',
  body: 'It is there on Friday.',
  cta: { label: 'How we deliver', href: '#delivery' },
  expiresAt: 1_795_000_300_000,
};
const badges: Nudge = {
  ...note,
  id: 'n_badges_001',
  slot: 'trust',
  look: 'badges',
  title: 'Free returns | Two years’ warranty | Made to last',
};
const label: Nudge = {
  ...note,
  id: 'n_label_0001',
  slot: 'checkout',
  look: 'text',
  title: 'Order now, pay later',
};

const SHOP = `<main>
  <p data-cartbell-slot="delivery-promise">Delivered in <b>3 days</b>.</p>
  <div data-cartbell-slot="trust"></div>
  <button data-cartbell-slot="checkout">Check out</button>
</main>`;

/** A nudge counts as displayed after a second. */
const SOON = { timeout: 4_000 };

let slots: FilledSlots;
let told: string[];
const find = (name: string) => document.querySelector<HTMLElement>(`[data-cartbell-slot=${name}]`);
const report = (what: string, { id }: Nudge) => void told.push(`${what} ${id}`);

beforeEach(() => {
  document.body.innerHTML = SHOP;
  slots = new FilledSlots();
  told = [];
});

afterEach(() => document.body.replaceChildren());

describe('a place that the shop has marked', () => {
  it('is filled, counts as displayed once after a second in view, and is clean to axe', async () => {
    slots.show([note, badges], find, en, report);
    await expect.element(page.getByText('It is there on Friday.')).toBeVisible();
    await expect.element(page.getByText('Made to last')).toBeVisible();
    expect(page.getByRole('listitem').elements()).toHaveLength(3);
    await expect
      .poll(() => told.toSorted(), SOON)
      .toEqual(['displayed n_badges_001', 'displayed n_promise_01']);
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.failureSummary])).toEqual([]);
  });

  it('has what the shop had there again when the nudge has ended', () => {
    const before = document.body.innerHTML;
    slots.show([note, badges, label], find, en, report);
    expect(document.body.innerHTML).not.toBe(before);
    slots.show([], find, en, report);
    expect(document.body.innerHTML).toBe(before);
  });

  it('tells of a click on its link', async () => {
    slots.show([note], find, en, report);
    await page.getByRole('link', { name: 'How we deliver' }).click();
    await expect.poll(() => told, SOON).toContain('clicked n_promise_01');
  });

  it('has a menu in its corner, as cards have, and what is chosen there is told', async () => {
    slots.show([{ ...note, why: 'Because you look at your cart.' }], find, en, report);
    const more = page.getByRole('button', { name: 'More about this message' });
    await expect.element(more).toBeVisible();
    const { width, height } = more.element().getBoundingClientRect();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
    await more.click();
    await expect.element(page.getByText('Because you look at your cart.')).toBeVisible();
    await page.getByRole('button', { name: 'Useful', exact: true }).click();
    for (const name of ['Settings', 'All messages', 'Less of this'])
      await page.getByRole('button', { name }).click();
    const acts = ['useful', 'preferences', 'inbox', 'less'].map((act) => `${act} n_promise_01`);
    await expect.poll(() => told.filter((one) => !one.startsWith('displayed')), SOON).toEqual(acts);
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.failureSummary])).toEqual([]);
    await more.click();
    await expect.poll(() => page.getByRole('button', { name: 'Settings' }).elements()).toEqual([]);
  });

  it('grows by its menu and by nothing else: what stands beside it stays, and a closed menu takes no room', async () => {
    const { body: _, cta: __, ...line } = note;
    slots.show([line], find, en, report);
    const box = () => document.querySelector('cartbell-inline')?.getBoundingClientRect();
    await expect.poll(() => box()?.height ?? 0).toBeGreaterThan(0);
    const before = box();
    // One line of the shop's type and what is around it.
    expect(before?.height).toBeLessThan(50);
    const more = page.getByRole('button', { name: 'More about this message' });
    const place = more.element().getBoundingClientRect();
    await more.click();
    await expect.poll(() => box()?.height ?? 0).toBeGreaterThan(before?.height ?? 0);
    expect(box()?.width).toBe(before?.width);
    expect(more.element().getBoundingClientRect()).toEqual(place);
    await more.click();
    await expect.poll(box).toEqual(before);
  });

  it('has none where its words stand for the shop’s own, or are badges', () => {
    slots.show([badges, label], find, en, report);
    expect(page.getByRole('button', { name: 'More about this message' }).elements()).toEqual([]);
  });

  it('lends a button other words, and the button stays the shop’s own', async () => {
    const pressed = vi.fn();
    document.querySelector('button')?.addEventListener('click', pressed);
    slots.show([label], find, en, report);
    await page.getByRole('button', { name: 'Order now, pay later' }).click();
    expect(pressed).toHaveBeenCalledOnce();
    slots.show([], find, en, report);
    await expect.element(page.getByRole('button', { name: 'Check out' })).toBeVisible();
  });

  it('is filled again where the shop has drawn its page anew, and counts as displayed no second time', async () => {
    slots.show([note], find, en, report);
    await expect.poll(() => told, SOON).toEqual(['displayed n_promise_01']);
    document.body.innerHTML = SHOP;
    slots.show([note], find, en, report);
    await expect.element(page.getByText('It is there on Friday.')).toBeVisible();
    slots.show([], find, en, report);
    expect(document.querySelector('p')?.textContent).toBe('Delivered in 3 days.');
    expect(told).toEqual(['displayed n_promise_01']);
  });

  it('leaves alone what the shop has put there meanwhile', () => {
    slots.show([note], find, en, report);
    const place = document.querySelector('p');
    place?.replaceChildren('Sold out.');
    slots.show([], find, en, report);
    expect(place?.textContent).toBe('Sold out.');
  });
});

describe('whoever watches for marked places', () => {
  it('hears of those that come later, and of nothing any more when nobody asks for it', async () => {
    const changed = vi.fn();
    const watch = new MarkedSlots(changed);
    watch.watch(true);
    expect(watch.names()).toEqual(['checkout', 'delivery-promise', 'trust']);
    expect(changed).toHaveBeenCalledOnce();
    const late = document.createElement('p');
    late.setAttribute('data-cartbell-slot', 'benefits');
    document.body.append(late);
    await expect.poll(() => changed.mock.calls.length).toBe(2);
    expect(watch.names()).toContain('benefits');
    watch.watch(false);
    late.remove();
    // Whoever still watches has heard of the change by the time that this one has, and would have told of it.
    const again = vi.fn();
    const other = new MarkedSlots(again);
    other.watch(true);
    document.body.append(late);
    await expect.poll(() => again.mock.calls.length).toBe(2);
    other.watch(false);
    expect(changed).toHaveBeenCalledTimes(2);
  });
});
