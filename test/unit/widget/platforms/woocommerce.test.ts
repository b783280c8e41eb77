import { afterEach, describe, expect, it, vi } from 'vitest';
import { captureCart } from '../../../../widget/sensors/captured-events.ts';
import { woocommerce } from '../../../../widget/sensors/platforms/woocommerce.ts';
import { platformPage } from './platform-pages.ts';

afterEach(() => void vi.unstubAllGlobals());

const money = { currency_code: 'USD', currency_symbol: '$', currency_minor_unit: 2 };
/** As in developer.woocommerce.com/docs/apis/store-api/resources-endpoints/cart, shortened. */
const line = (more: object = {}, prices: object = {}) => ({
  key: 'a5771bce93e200c36f7cd9dfd0e5deaa',
  id: 38,
  quantity: 1,
  name: 'Beanie with Logo',
  short_description: '<p>This is a simple product.</p>',
  sku: 'Woo-beanie-logo',
  variation: [],
  item_data: [],
  prices: { price: '1800', regular_price: '2000', sale_price: '1800', ...money, ...prices },
  totals: { line_subtotal: '1800', line_total: '1530', ...money },
  ...more,
});
const cart = (items: object[], currency_code = 'USD') => ({
  items,
  totals: { total_items: '7300', total_price: '8256', ...money, currency_code },
  billing_address: { first_name: 'John', last_name: 'Doe', email: 'checkout@templates.com' },
  items_count: items.length,
});
const beanie = (more: object = {}) => ({
  item_id: 'Woo-beanie-logo',
  item_name: 'Beanie with Logo',
  price: 18,
  quantity: 1,
  ...more,
});
const ADDRESS = '/wp-json/wc/store/v1/cart';

describe('WooCommerce’s cart in the hub’s terms', () => {
  it.each<[what: string, item: object, expected: object]>([
    ['a product, with its price in cents', line(), beanie()],
    ['a product without a SKU, by its id', line({ sku: '' }), beanie({ item_id: '38' })],
    [
      'a variation',
      line({
        variation: [
          { raw_attribute: 'attribute_pa_color', attribute: 'Color', value: 'Blue' },
          { raw_attribute: 'attribute_logo', attribute: 'Logo', value: 'Yes' },
        ],
      }),
      beanie({ item_variant: 'Blue / Yes' }),
    ],
    ['a shop that shows no cents', line({}, { price: '18', currency_minor_unit: 0 }), beanie({ price: 18 })],
    [
      'a currency with three digits',
      line({}, { price: '18500', currency_code: 'KWD', currency_minor_unit: 3 }),
      beanie({ price: 18.5 }),
    ],
    [
      'prices that do not tell their unit, by what their currency has',
      line({}, { price: '8900', currency_code: 'KRW', currency_minor_unit: undefined }),
      beanie({ price: 8_900 }),
    ],
    [
      'a name that comes escaped for HTML',
      line({ name: 'Salt &amp; pepper &#8211; &quot;duo&quot;' }),
      beanie({ item_name: 'Salt & pepper – "duo"' }),
    ],
  ])('%s', async (_, item, expected) => {
    platformPage({ [ADDRESS]: cart([item]) });
    expect(captureCart(await woocommerce().read())).toEqual({ items: [expected], currency: 'USD' });
  });

  it('what shoppers typed stays where it is', async () => {
    platformPage({ [ADDRESS]: cart([line()]) });
    expect(JSON.stringify(captureCart(await woocommerce().read()))).not.toMatch(/John|templates/);
  });

  it.each([
    ['https://shop.example/blog/wp-json/', 'https://shop.example/blog/wp-json/wc/store/v1/cart'],
    [
      'https://shop.example/index.php?rest_route=/',
      'https://shop.example/index.php?rest_route=/wc/store/v1/cart',
    ],
  ])('is asked for where the site has its API: %s', async (href, address) => {
    const { asked } = platformPage({ [address]: cart([]) });
    Object.assign(document, { querySelector: () => ({ href }) });
    await woocommerce().read();
    expect(asked).toMatchObject([{ address }]);
  });

  it('is not to be had where the shop only looks like one', async () => {
    platformPage({ [ADDRESS]: { code: 'rest_no_route', message: 'No route was found.' } });
    await expect(woocommerce().read()).rejects.toThrow();
  });
});

describe('what says that the cart has changed', () => {
  it('jQuery’s events on the body, of classic themes', () => {
    const handlers = new Map<string, () => void>();
    const jQuery = () => ({
      on: (events: string, handler: () => void) => {
        for (const name of events.split(' ')) handlers.set(name, handler);
      },
      off: () => handlers.clear(),
    });
    platformPage({}, { jQuery });
    const changed = vi.fn<() => void>();
    const stop = woocommerce().listen({ changed, viewed: vi.fn(), seen: vi.fn() });
    for (const name of ['added_to_cart', 'removed_from_cart', 'updated_cart_totals', 'wc_cart_emptied'])
      handlers.get(name)?.();
    expect(changed).toHaveBeenCalledTimes(4);
    stop();
    expect(handlers.size).toBe(0);
  });

  it('the events of blocks, without jQuery', () => {
    const { body, page } = platformPage({});
    const changed = vi.fn<() => void>();
    woocommerce().listen({ changed, viewed: vi.fn(), seen: vi.fn() });
    body.dispatchEvent(new Event('wc-blocks_added_to_cart'));
    body.dispatchEvent(new Event('wc-blocks_removed_from_cart'));
    page.dispatchEvent(new Event('wc-blocks_store_sync_required'));
    expect(changed).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['https://shop.example/wp-json/wc/store/v1/cart/add-item?_locale=site', true],
    ['https://shop.example/wp-json/wc/store/v1/batch', true],
    ['https://shop.example/index.php?rest_route=/wc/store/v1/cart/remove-item', true],
    ['https://shop.example/?wc-ajax=add_to_cart', true],
    ['https://shop.example/?wc-ajax=remove_from_cart', true],
    ['https://shop.example/?wc-ajax=apply_coupon', true],
    ['https://shop.example/wp-json/wc/store/v1/cart', false],
    ['https://shop.example/wp-json/wc/store/v1/cart?_locale=site', false],
    ['https://shop.example/?wc-ajax=get_refreshed_fragments', false],
  ])('a request to %s: %s', (address, isChange) => {
    platformPage({});
    expect(woocommerce().changedBy.test(address)).toBe(isChange);
  });
});
