type Fields = Readonly<Record<string, unknown>>;

/**
 * The product that a page is about, from its structured data for search engines (schema.org as JSON-LD); null where it
 * is about none, or about many, as a list is.
 */
export function productIn(documents: readonly string[]): { items: object[]; currency?: unknown } | null {
  const things = documents.flatMap((document) => thingsIn(parsed(document)));
  const groups = things.filter((thing) => isA(thing, 'ProductGroup'));
  // Some write the variants beside their group, and name the group in each.
  const single = things.filter((thing) => isA(thing, 'Product') && !thing['isVariantOf']);
  const found = groups.length > 0 ? groups : single;
  const [product] = found;
  // Theme and plugin may each describe the same product.
  if (!product || found.some(({ name }) => name !== product['name'])) return null;
  const variants = listOf(product['hasVariant']);
  const { price, currency } = cheapest([product, ...variants, ...(groups.length > 0 ? single : [])]);
  const item = {
    item_id: product['productGroupID'] ?? product['sku'] ?? product['productID'] ?? variants[0]?.['sku'],
    item_name: product['name'],
    item_brand: nameOf(product['brand']),
    item_category: nameOf(product['category']),
    ...(price === undefined ? {} : { price }),
  };
  return { items: [item], ...(currency === undefined ? {} : { currency }) };
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return null;
  }
}

/** What stands by itself in a document, not what is listed in something else. */
function thingsIn(given: unknown): Fields[] {
  return listOf(given).flatMap((thing) =>
    [thing].concat(thingsIn(thing['@graph']), thingsIn(thing['mainEntity'])),
  );
}

function isA(thing: Fields, type: string): boolean {
  const types = [thing['@type']].flat();
  return types.some(
    (name) => typeof name === 'string' && name.replace(/^https?:\/\/schema\.org\//, '') === type,
  );
}

interface Price {
  readonly price: unknown;
  readonly currency: unknown;
}

/** A shopper who has chosen no variant yet looks at "from …". */
function cheapest(products: readonly Fields[]): Partial<Price> {
  const prices = products.flatMap(({ offers }) => listOf(offers).flatMap(pricesOf));
  const known = prices.filter(({ price }) => price !== undefined && Number.isFinite(Number(price)));
  return known.toSorted((a, b) => Number(a.price) - Number(b.price))[0] ?? {};
}

/** An offer has a price, a lowest one over several, or a specification of it. */
function pricesOf(offer: Fields): Price[] {
  const currency = offer['priceCurrency'];
  const price = offer['price'] ?? offer['lowPrice'];
  if (price !== undefined) return [{ price, currency }];
  return listOf(offer['priceSpecification']).map((given) => ({
    price: given['price'],
    currency: given['priceCurrency'] ?? currency,
  }));
}

function nameOf(given: unknown): unknown {
  return typeof given === 'string' ? given : listOf(given)[0]?.['name'];
}

function listOf(given: unknown): Fields[] {
  return [given].flat().filter((one): one is Fields => typeof one === 'object' && one !== null);
}
