import { afterEach, describe, expect, it, vi } from 'vitest';
import { captureCart } from '../../../../widget/sensors/captured-events.ts';
import { medusa } from '../../../../widget/sensors/platforms/medusa.ts';
import { memoryStorage } from '../../support/memory-storage.ts';
import { platformPage } from './platform-pages.ts';

afterEach(() => void vi.unstubAllGlobals());

/** StoreCart and StoreCartLineItem of docs.medusajs.com/resources/references, shortened. */
const cart = (more: object = {}) => ({
  id: 'cart_01',
  currency_code: 'eur',
  email: 'jo@example.com',
  shipping_address: { first_name: 'Jo' },
  items: [
    {
      id: 'cali_01',
      title: 'S',
      product_id: 'prod_01',
      product_title: 'Medusa T-Shirt',
      variant_id: 'variant_01',
      variant_sku: 'SHIRT-S-BLACK',
      variant_title: 'S / Black',
      unit_price: 19.99,
      quantity: 2,
      total: 39.98,
    },
  ],
  ...more,
});
const expected = {
  currency: 'EUR',
  items: [
    {
      item_id: 'prod_01',
      item_name: 'Medusa T-Shirt',
      item_variant: 'S / Black',
      price: 19.99,
      quantity: 2,
    },
  ],
};
const device = memoryStorage(new Map([['cart_id', 'cart_01']]));
const tag = (dataset: Record<string, string>) => ({ dataset }) as unknown as HTMLElement;

describe('Medusa’s cart in the hub’s terms', () => {
  it('is asked of the backend that the tag names, by the id that the storefront keeps', async () => {
    const { asked } = platformPage({ 'https://api.shop.example/store/carts/cart_01': { cart: cart() } });
    const platform = medusa(
      tag({ medusa: 'https://api.shop.example/', medusaKey: 'pk_01' }),
      { cart: undefined },
      device,
    );
    expect(captureCart(await platform.read())).toEqual(expected);
    expect(asked).toMatchObject([{ headers: { 'x-publishable-api-key': 'pk_01' } }]);
  });

  it('is empty where the storefront has none, or the shopper allows no look', async () => {
    const { asked } = platformPage({});
    const platform = medusa(
      tag({ medusa: 'https://api.shop.example' }),
      { cart: undefined },
      memoryStorage(),
    );
    expect(captureCart(await platform.read())).toEqual({ items: [] });
    expect(asked).toEqual([]);
  });

  it('may be handed over, whole numbers and all', async () => {
    platformPage({});
    expect(captureCart(await medusa(null, { cart: cart() }, device).read())).toEqual(expected);
  });

  it('is empty once it is an order', async () => {
    platformPage({});
    const platform = medusa(null, { cart: cart({ completed_at: '2026-11-26T20:00:00Z' }) }, device);
    expect(captureCart(await platform.read())).toEqual({ items: [], currency: 'EUR' });
  });

  it.each([[undefined], [null], ['cart_01'], [{ id: 'cart_01' }]])('can’t be read from %j', async (given) => {
    platformPage({});
    await expect(medusa(null, { cart: given }, device).read()).rejects.toThrow();
  });

  it.each([
    ['https://api.shop.example/store/carts/cart_01/line-items', true],
    ['https://api.shop.example/store/carts/cart_01/line-items/cali_01', true],
    ['https://api.shop.example/store/carts/cart_01/promotions?fields=id', true],
    ['https://api.shop.example/store/carts', true],
    ['https://api.shop.example/store/carts/cart_01', false],
    ['https://api.shop.example/store/carts/cart_01?fields=*items', false],
  ])('a request to %s changes it: %s', (address, isChange) => {
    expect(medusa(null, { cart: null }, device).changedBy.test(address)).toBe(isChange);
  });
});
