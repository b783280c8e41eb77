import { afterEach, describe, expect, it, vi } from 'vitest';
import { captureCart } from '../../../../widget/sensors/captured-events.ts';
import { shopify } from '../../../../widget/sensors/platforms/shopify.ts';
import { platformPage } from './platform-pages.ts';

afterEach(() => void vi.unstubAllGlobals());

/** A line of `GET /{locale}/cart.js`, in the fields of shopify.dev/docs/api/ajax/reference/cart, shortened. */
const line = (more: object = {}) => ({
  id: 39897499729985,
  variant_id: 39897499729985,
  key: '39897499729985:d37e019f4b8bb3936a85540e7153a36c',
  product_id: 6792602320961,
  product_title: 'Health potion',
  title: 'Health potion - S / Low',
  variant_title: 'S / Low',
  quantity: 2,
  price: 1100,
  original_price: 1100,
  discounted_price: 1100,
  final_price: 990,
  line_price: 2200,
  final_line_price: 1980,
  total_discount: 220,
  sku: '',
  vendor: 'Polina’s Potions',
  properties: { engraving: 'For Jo, jo@example.com' },
  url: '/products/health-potion?variant=39897499729985',
  ...more,
});
const cart = (more: object = {}) => ({
  token: '1d19a32178501c44ef2223d73c54d16d',
  note: 'Ring twice, please',
  attributes: {},
  total_price: 1980,
  item_count: 2,
  items: [line()],
  currency: 'USD',
  ...more,
});
const potion = (more: object = {}) => ({
  item_id: '6792602320961',
  item_name: 'Health potion',
  item_variant: 'S / Low',
  price: 9.9,
  quantity: 2,
  ...more,
});

describe('Shopify’s cart in the hub’s terms', () => {
  it.each<[what: string, given: object, expected: object]>([
    ['what is paid apiece, after discounts', cart(), { items: [potion()], currency: 'USD' }],
    [
      'a currency without a minor unit, in hundredths nonetheless',
      cart({ currency: 'KRW', items: [line({ final_price: 890000 })] }),
      { items: [potion({ price: 8_900 })], currency: 'KRW' },
    ],
    [
      'a currency with three digits, in hundredths too',
      cart({ currency: 'KWD', items: [line({ final_price: 350 })] }),
      { items: [potion({ price: 3.5 })], currency: 'KWD' },
    ],
    [
      'a theme’s older answer without final prices',
      cart({ items: [line({ final_price: undefined })] }),
      { items: [potion({ price: 11 })], currency: 'USD' },
    ],
    [
      'a product that has no variants',
      cart({ items: [line({ variant_title: null })] }),
      { items: [{ ...potion(), item_variant: undefined }], currency: 'USD' },
    ],
    ['nothing', cart({ items: [], item_count: 0 }), { items: [], currency: 'USD' }],
  ])('%s', async (_, given, expected) => {
    platformPage({ '/cart.js': given }, { Shopify: {} });
    expect(captureCart(await shopify().read())).toEqual(expected);
  });

  it('what shoppers typed stays where it is', async () => {
    platformPage({ '/cart.js': cart() }, { Shopify: {} });
    expect(JSON.stringify(captureCart(await shopify().read()))).not.toMatch(/Jo|Ring/);
  });

  it('is asked for in the language of the page', async () => {
    const { asked } = platformPage({ '/ko/cart.js': cart() }, { Shopify: { routes: { root: '/ko/' } } });
    await shopify().read();
    expect(asked).toMatchObject([{ address: '/ko/cart.js' }]);
  });

  it.each([['<html>'], [{ status: 404 }], [{ items: 'none' }], [null]])(
    'is not to be had where the shop only looks like one: %j',
    async (answer) => {
      platformPage({ '/cart.js': answer }, { Shopify: {} });
      await expect(shopify().read()).rejects.toThrow();
    },
  );
});

describe('what Shopify’s standard events say', () => {
  /** shopify.dev/docs/api/storefront-events-and-actions/events: payloads are properties of the event itself. */
  const dispatch = (root: EventTarget, name: string, payload: object) =>
    root.dispatchEvent(Object.assign(new Event(name), payload));

  const listening = () => {
    const { root } = platformPage({}, { Shopify: {} });
    const signs = { changed: vi.fn<() => void>(), viewed: vi.fn<() => void>(), seen: vi.fn() };
    const stop = shopify().listen(signs);
    return { root, signs, stop };
  };

  it.each(['resolved', 'rejected'])('a change is one when its promise is %s, and not before', async (how) => {
    const { root, signs } = listening();
    let settle = (): void => undefined;
    const promise = new Promise<void>((resolve, reject) => {
      settle = how === 'resolved' ? resolve : () => reject(new Error('declined'));
    });
    dispatch(root, 'shopify:cart:lines-update', { action: 'add', context: 'product', lines: [], promise });
    await Promise.resolve();
    expect(signs.changed).not.toHaveBeenCalled();
    settle();
    await vi.waitFor(() => expect(signs.changed).toHaveBeenCalledTimes(1));
  });

  it('an event without a promise, as older themes may dispatch it, is a change too', async () => {
    const { root, signs } = listening();
    dispatch(root, 'shopify:cart:discount-update', {});
    await vi.waitFor(() => expect(signs.changed).toHaveBeenCalledTimes(1));
  });

  it('a cart that is opened is viewed', () => {
    const { root, signs } = listening();
    dispatch(root, 'shopify:cart:view', { context: 'dialog' });
    expect(signs.viewed).toHaveBeenCalledTimes(1);
  });

  it('a product’s own page is a view of it, under the id that it has in the cart', () => {
    const { root, signs } = listening();
    dispatch(root, 'shopify:product:view', {
      context: 'page',
      product: {
        id: 'gid://shopify/Product/6792602320961',
        title: 'Health potion',
        selectedVariant: {
          id: 'gid://shopify/ProductVariant/39897499729985',
          title: 'S / Low',
          price: { amount: '11.0', currencyCode: 'USD' },
        },
      },
    });
    const { quantity: _, ...item } = potion({ price: '11.0' });
    expect(signs.seen.mock.calls).toEqual([['view_item', { items: [item], currency: 'USD' }]]);
  });

  it('a card in a list that comes into sight is none', () => {
    const { root, signs } = listening();
    dispatch(root, 'shopify:product:view', { context: 'collection', product: { id: '1', title: 'A' } });
    expect(signs.seen).not.toHaveBeenCalled();
  });

  it('nothing any more once stopped', () => {
    const { root, signs, stop } = listening();
    stop();
    dispatch(root, 'shopify:cart:view', {});
    expect(signs.viewed).not.toHaveBeenCalled();
  });
});

it.each([
  ['https://shop.example/cart/add.js', true],
  ['https://shop.example/ko/cart/change.js', true],
  ['https://shop.example/cart/update.js?sections=drawer', true],
  ['https://shop.example/cart/clear.js', true],
  ['https://shop.example/cart/add', true],
  ['https://shop.example/cart.js', false],
  ['https://shop.example/cart/additions.css', false],
])('a request to %s changes the cart: %s', (address, isChange) => {
  platformPage({}, { Shopify: {} });
  expect(shopify().changedBy.test(address)).toBe(isChange);
});
