import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** As the Standard Webhooks specification has them. */
export const SIGNATURE_HEADERS = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

const SECRET_BYTES = 32;
const SECRET_PREFIX = 'whsec_';
const VERSION = 'v1';
/** How far a message's time may be from now, either way. */
export const TOLERANCE_MS = 300_000;
/** Others than ours may be in the header; so many are looked at. */
const MOST_SIGNATURES = 10;
const ID = /^[\x21-\x7e]{1,256}$/;
const SECONDS = /^\d{1,12}$/;

export function mintSigningSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

export interface Signed {
  readonly id: string;
  /** In seconds since 1970. */
  readonly timestamp: number;
  readonly body: string | Uint8Array;
}

/** The headers of a message; each secret signs, so that receivers can change theirs at a time of their own. */
export function signatureHeaders(message: Signed, secrets: readonly string[]): Record<string, string> {
  return {
    [SIGNATURE_HEADERS.id]: message.id,
    [SIGNATURE_HEADERS.timestamp]: String(message.timestamp),
    [SIGNATURE_HEADERS.signature]: secrets
      .map((secret) => `${VERSION},${signatureOf(message, secret).toString('base64')}`)
      .join(' '),
  };
}

/** The id of a message that holds one of the secrets' signatures over its very bytes and is of now; null for any other. */
export function verifiedId(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array,
  secrets: readonly string[],
  now: number,
): string | null {
  const [id, timestamp, signature] = [
    headers[SIGNATURE_HEADERS.id],
    headers[SIGNATURE_HEADERS.timestamp],
    headers[SIGNATURE_HEADERS.signature],
  ];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return null;
  if (!ID.test(id) || !SECONDS.test(timestamp)) return null;
  const expected = secrets.map((secret) => signatureOf({ id, timestamp: Number(timestamp), body }, secret));
  let isOurs = false;
  for (const given of signaturesIn(signature))
    for (const own of expected) if (given.length === own.length && timingSafeEqual(given, own)) isOurs = true;
  // Last, so that an old message takes as long as a forged one.
  return isOurs && Math.abs(now - Number(timestamp) * 1_000) <= TOLERANCE_MS ? id : null;
}

function signaturesIn(header: string): Buffer[] {
  return header
    .split(' ', MOST_SIGNATURES)
    .filter((part) => part.startsWith(`${VERSION},`))
    .map((part) => Buffer.from(part.slice(VERSION.length + 1), 'base64'));
}

function signatureOf({ id, timestamp, body }: Signed, secret: string): Buffer {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}
