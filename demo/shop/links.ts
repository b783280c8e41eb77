const inspect = new URLSearchParams(location.search).get('inspect');

/** A link inside the shop; `?inspect` travels along so that a visitor can watch a whole visit. */
export function shopLink(path: string): string {
  if (inspect === null) return path;
  return inspect === '' ? `${path}?inspect` : `${path}?inspect=${encodeURIComponent(inspect)}`;
}

export function categoryLink(slug: string): string {
  return shopLink(`/category/${slug}`);
}

export function productLink(itemId: string): string {
  return shopLink(`/products/${itemId}`);
}

/** The last part of `/category/<slug>` or `/products/<item_id>`. */
export function slugOfPage(): string {
  return location.pathname.split('/').findLast((part) => part !== '') ?? '';
}
