const PARAMETER = 'cartbell_cart';

/**
 * The shopper has come back by a link to their cart: the page is told what is in it by `cartbell:recovered`, and the address bar
 * forgets the link, so that it is not passed on with the page.
 */
export async function recoverCart(hub: string): Promise<void> {
  const address = new URL(location.href);
  const token = address.searchParams.get(PARAMETER) ?? '';
  address.searchParams.delete(PARAMETER);
  history.replaceState(history.state, '', address);
  const answer = await fetch(`${hub}/v1/recovered-carts/${encodeURIComponent(token)}`, {
    credentials: 'omit',
  });
  if (!answer.ok) return;
  const { items } = (await answer.json()) as { items: unknown };
  document.dispatchEvent(new CustomEvent('cartbell:recovered', { detail: { items } }));
}
