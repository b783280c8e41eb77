import type { Fault } from '../../shared/errors.ts';

/** A command that is not put as it has to be; its message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a hub says when it refuses (RFC 9457). */
export interface Problem {
  readonly detail?: string;
  readonly errors?: readonly Fault[];
}

export interface HubAddress {
  readonly hub: string;
  readonly key: string;
}

export const HUB_OPTIONS = { hub: { type: 'string' }, json: { type: 'boolean' } } as const;

/** Where the hub is, and the key that opens it. The key is not an option: what stands in a command, others on the machine can see. */
export function hubAddress(hub: string | undefined): HubAddress {
  const key = process.env['CARTBELL_ADMIN_KEY'];
  if (key === undefined || key === '')
    throw new UsageError('Put the hub’s ADMIN_KEY into CARTBELL_ADMIN_KEY.');
  return { hub: hub ?? 'http://127.0.0.1:4600', key };
}

/** Rejects with what the hub has against it, in words. */
export async function askHub<T>(
  { hub, key }: HubAddress,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await reach(hub, path, {
    method,
    headers: { authorization: `Bearer ${key}`, from: 'cartbell', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  if (response.status === 404 && path === '/v1/sites') throw new Error(`The hub at ${hub} has no ADMIN_KEY.`);
  throw new Error(problemInWords(answer as Problem));
}

export function problemInWords({ detail = 'The hub refused.', errors = [] }: Problem): string {
  return [detail, ...errors.map(({ path, message }) => `  ${path}: ${message}`)].join('\n');
}

async function reach(hub: string, path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(new URL(path, hub), request);
  } catch (error) {
    throw new Error(`No hub answers at ${hub}.`, { cause: error });
  }
}
