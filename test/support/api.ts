import { SECRET_KEY } from './sample-site.ts';

/** Calls a hub's HTTP face with the site's secret key, or with none. */
export async function call(
  hub: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${SECRET_KEY}` },
): Promise<{ status: number; type: string | null; body: Record<string, unknown> }> {
  const response = await fetch(hub + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as Record<string, unknown>,
  };
}
