import type { Outbound, Outcome } from './outbound.ts';
import { signatureHeaders } from './signature.ts';

/** Sends a message once. The time that is signed is that of the attempt: receivers refuse what is old. */
export function sendMessage(
  outbound: Outbound,
  url: string,
  { id, body }: { readonly id: string; readonly body: string },
  secrets: readonly string[],
  now: number,
): Promise<Outcome> {
  const signed = { id, timestamp: Math.floor(now / 1_000), body };
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Cartbell-Webhooks/1',
    ...signatureHeaders(signed, secrets),
  };
  return outbound.post({ url, headers, body });
}
