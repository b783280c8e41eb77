/**
 * The item of an element with a mark, from `data-cartbell-item` (JSON) or `data-item-…` on it or around it. Only
 * attributes are read, never a field.
 */
export function paramsOf(marked: HTMLElement): object {
  const { cartbellItem, itemId, itemName, itemPrice, itemQuantity, itemCurrency } =
    marked.closest<HTMLElement>('[data-cartbell-item], [data-item-id]')?.dataset ?? {};
  if (!cartbellItem && !itemId) return {};
  const separate = { item_id: itemId, item_name: itemName, price: itemPrice, quantity: itemQuantity };
  const item = { ...separate, ...fieldsOf(cartbellItem) };
  return { items: [item], currency: itemCurrency ?? item.currency };
}

function fieldsOf(json = '{}'): { currency?: unknown } {
  try {
    return Object(JSON.parse(json)) as object;
  } catch {
    return {};
  }
}
