import { ORIGIN } from './bench-site.ts';

export const ADMIN_KEY = 'admin-key-of-the-benchmark-which-nobody-else-has';

/** From there on each of the two has its own part of the hub. Resolves with the keys of the new one. */
export async function makeOtherSite(url: string): Promise<{ publishable: string; secret: string }> {
  const response = await fetch(`${url}/v1/sites`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'other', origins: [ORIGIN], currency: 'EUR', products: [], rules: [] }),
  });
  if (response.status !== 201) throw new Error(`There is no other site: ${await response.text()}`);
  const { keys } = (await response.json()) as { keys: { kind: string; key: string }[] };
  const keyOf = (kind: string) => keys.find((key) => key.kind === kind)?.key ?? '';
  return { publishable: keyOf('publishable'), secret: keyOf('secret') };
}
