import { expect, it } from 'vitest';
import { capture } from '../../../widget/sensors/captured-events.ts';
import { paramsOf } from '../../../widget/sensors/marked-item.ts';

/** An element whose attributes, or those of one around it, are these. */
const marked = (dataset: Record<string, string> | null) =>
  ({ closest: () => (dataset ? { dataset } : null) }) as unknown as HTMLElement;

it.each<[what: string, dataset: Record<string, string> | null, params: object]>([
  [
    'an item as JSON',
    { cartbellItem: '{"item_id":"mug","item_name":"Mug","price":"18.50","currency":"EUR"}' },
    { currency: 'EUR', items: [{ item_id: 'mug', item_name: 'Mug', price: 18.5, quantity: 1 }] },
  ],
  [
    'an item in separate attributes',
    { itemId: 'mug', itemName: 'Mug', itemPrice: '18.5', itemQuantity: '2', itemCurrency: 'eur' },
    { currency: 'EUR', items: [{ item_id: 'mug', item_name: 'Mug', price: 18.5, quantity: 2 }] },
  ],
  ['an id alone', { itemId: 'mug' }, { items: [{ item_id: 'mug', quantity: 1 }] }],
  [
    'JSON that is broken, beside an id',
    { cartbellItem: '{mug}', itemId: 'mug' },
    { items: [{ item_id: 'mug', quantity: 1 }] },
  ],
  ['JSON that is no item', { cartbellItem: '"mug"' }, { items: [] }],
  ['no item', null, { items: [] }],
])('%s', (_, dataset, params) => {
  expect(capture('add_to_cart', paramsOf(marked(dataset)))).toEqual({ name: 'add_to_cart', params });
});
