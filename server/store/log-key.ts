import { randomBytes } from 'node:crypto';

/**
 * What the log has of a shopper is sealed with a key of their own, which is kept beside their document: where that is
 * destroyed nobody can read any of it again, in copies of the log neither. AES-256 in counter mode, a fresh nonce for each
 * text, or for each stream of texts. There is no authentication: whoever can write the log can write what they like, and has the keys at hand.
 */
export interface LogKey {
  readonly id: string;
  readonly secret: Buffer;
}

export const CIPHER = 'aes-256-ctr';
export const BLOCK_BYTES = 16;
export const NONCE_BYTES = 12;
/** Of `LogKey.id`: random bits, in base64url. */
export const ID_BYTES = 9;
export const ID_LENGTH = 12;

export function newLogKey(): LogKey {
  return { id: randomBytes(ID_BYTES).toString('base64url'), secret: randomBytes(32) };
}

export function logKeyToText({ id, secret }: LogKey): string {
  return id + secret.toString('base64url');
}

export function readLogKey(text: string): LogKey {
  return { id: text.slice(0, ID_LENGTH), secret: Buffer.from(text.slice(ID_LENGTH), 'base64url') };
}

/** The nonce, and after it the counter of blocks. */
export function ivOf(nonce: Uint8Array, block: number): Buffer {
  const iv = Buffer.allocUnsafe(BLOCK_BYTES);
  iv.set(nonce);
  iv.writeUInt32BE(block, NONCE_BYTES);
  return iv;
}
