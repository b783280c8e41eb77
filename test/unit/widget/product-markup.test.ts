import { describe, expect, it } from 'vitest';
import { productIn } from '../../../widget/sensors/product-markup.ts';
import { capture } from '../../../widget/sensors/captured-events.ts';

const product = (more: object = {}) => ({
  '@context': 'https://schema.org/',
  '@type': 'Product',
  name: 'Executive Anvil',
  sku: '0446310786',
  brand: { '@type': 'Brand', name: 'ACME' },
  category: 'Anvils',
  offers: { '@type': 'Offer', priceCurrency: 'USD', price: 119.99 },
  ...more,
});
const view = (more: object = {}, currency: string | null = 'USD') => ({
  name: 'view_item',
  params: {
    ...(currency ? { currency } : {}),
    items: [
      {
        item_id: '0446310786',
        item_name: 'Executive Anvil',
        item_brand: 'ACME',
        item_category: 'Anvils',
        price: 119.99,
        quantity: 1,
        ...more,
      },
    ],
  },
});
const offer = (price: unknown) => ({ '@type': 'Offer', priceCurrency: 'USD', price });
const viewOf = (...documents: unknown[]) => {
  const found = productIn(documents.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))));
  return found && capture('view_item', found);
};

/** The forms are those of developers.google.com/search/docs/appearance/structured-data/product and …/product-variants. */
describe('the product that a page is about', () => {
  it.each<[what: string, given: unknown, expected: object]>([
    ['as Google has it', product(), view()],
    ['in a list', [{ '@type': 'BreadcrumbList' }, product()], view()],
    ['in a graph, as plugins write it', { '@graph': [{ '@type': 'WebPage' }, product()] }, view()],
    ['as what a page is mainly about', { '@type': 'ItemPage', mainEntity: product() }, view()],
    [
      'by the whole name of its type, beside another',
      product({ '@type': ['http://schema.org/Product', 'Car'] }),
      view(),
    ],
    ['with a price as text', product({ offers: offer('119.99') }), view()],
    ['with several offers, from the cheapest', product({ offers: [offer(150), offer('119.99')] }), view()],
    [
      'with an aggregate of offers',
      product({
        offers: { '@type': 'AggregateOffer', lowPrice: '119.99', highPrice: '199.99', priceCurrency: 'USD' },
      }),
      view(),
    ],
    [
      'with a specification of its price, as WooCommerce writes it',
      product({
        offers: [
          {
            '@type': 'Offer',
            priceSpecification: [
              { '@type': 'UnitPriceSpecification', price: '119.99', priceCurrency: 'USD' },
            ],
          },
        ],
      }),
      view(),
    ],
    ['with its brand as text', product({ brand: 'ACME' }), view()],
    [
      'without a price',
      product({ offers: undefined }),
      { name: 'view_item', params: { items: [{ ...view().params.items[0], price: undefined }] } },
    ],
    [
      'with a price that is none',
      product({ offers: offer('on request') }),
      { ...view({ price: undefined }, null) },
    ],
    ['by its name where it has no id', product({ sku: undefined }), view({ item_id: 'Executive Anvil' })],
    [
      'a group of variants, by its own id and from the cheapest of them',
      product({
        '@type': 'ProductGroup',
        sku: undefined,
        productGroupID: '44E01',
        offers: undefined,
        hasVariant: [
          { '@type': 'Product', sku: '44E01-M', offers: offer(150) },
          { '@type': 'Product', sku: '44E01-S', offers: offer(119.99) },
        ],
      }),
      view({ item_id: '44E01' }),
    ],
    [
      'a group whose variants stand beside it',
      {
        '@graph': [
          product({
            '@type': 'ProductGroup',
            productGroupID: '44E01',
            offers: undefined,
            hasVariant: [{ '@id': '#m' }],
          }),
          { '@type': 'Product', '@id': '#m', name: 'Executive Anvil, M', offers: offer(119.99) },
        ],
      },
      view({ item_id: '44E01' }),
    ],
    [
      'a group without an id, by that of its first variant',
      product({
        '@type': 'ProductGroup',
        sku: undefined,
        hasVariant: [{ '@type': 'Product', sku: '44E01-M' }],
      }),
      view({ item_id: '44E01-M' }),
    ],
  ])('%s', (_, given, expected) => {
    expect(viewOf(given)).toEqual(expected);
  });

  it('is one, also where theme and plugin describe it both', () => {
    expect(viewOf(product(), { '@graph': [product({ offers: offer(125) })] })).toEqual(view());
  });

  it('is found beside what can’t be read', () => {
    expect(viewOf('{ "@type": "Product", }', product())).toEqual(view());
  });
});

describe('a page that is about no product', () => {
  it.each<[what: string, documents: unknown[]]>([
    ['has nothing of the kind', [{ '@type': 'Organization', name: 'ACME' }]],
    ['has no markup', []],
    ['has broken markup', ['<!-- -->', 'null', '5']],
    ['has several products', [[product(), product({ name: 'Another' })]]],
    [
      'has products in a list',
      [{ '@type': 'ItemList', itemListElement: [{ '@type': 'ListItem', item: product() }] }],
    ],
  ])('%s', (_, documents) => {
    expect(viewOf(...documents)).toBeNull();
  });
});
