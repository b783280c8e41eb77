import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from 'node:crypto';

/**
 * What the log has of a shopper is sealed with a key of their own, which is kept beside their document: where that is
 * destroyed nobody can read any of it again, in copies of the log neither. AES-256 in counter mode, a fresh nonce for each
 * text, or for each stream of texts. There is no authentication: whoever can write the log can write what they like, and has the keys at hand.
 */
export interface LogKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** Of `LogKey.id`: 72 random bits in base64url. */
const ID_LENGTH = 12;
export const NONCE_BYTES = 12;
const NONCE_LENGTH = 16;
export const CIPHER = 'aes-256-ctr';
export const BLOCK_BYTES = 16;
/** Before lines that go on with a stream: after the nonce they have the block that they begin with, as eight hex digits. */
export const STREAM_MARK = '~';
export const PLACE_LENGTH = 8;

export function newLogKey(): LogKey {
  return { id: randomBytes(9).toString('base64url'), secret: randomBytes(32) };
}

export function logKeyToText({ id, secret }: LogKey): string {
  return id + secret.toString('base64url');
}

export function readLogKey(text: string): LogKey {
  return { id: text.slice(0, ID_LENGTH), secret: Buffer.from(text.slice(ID_LENGTH), 'base64url') };
}

/** One line, and after it as many line breaks as the text had: whoever counts breaks counts records. */
export function sealLines(lines: string, { id, secret }: LogKey): string {
  if (lines === '') return '';
  const nonce = nextNonce();
  const cipher = createCipheriv(CIPHER, secret, ivOf(nonce, 0));
  // A stream cipher holds nothing back for the end.
  const sealed = cipher.update(lines, 'utf8').toString('base64');
  return id + nonce.toString('base64url') + sealed + '\n'.repeat(breaksIn(lines));
}

export function breaksIn(lines: string): number {
  let breaks = 0;
  for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

/** The nonce, and after it the counter of blocks. */
export function ivOf(nonce: Buffer, block: number): Buffer {
  const iv = Buffer.allocUnsafe(BLOCK_BYTES);
  nonce.copy(iv);
  iv.writeUInt32BE(block, NONCE_BYTES);
  return iv;
}

/** The ids of the keys that it takes to open them. */
export function keysOf(sealed: string): string[] {
  return sealed.split('\n').flatMap((line) => (isSealed(line) ? [partsOf(line).id] : []));
}

/** The lines as they were. Those whose key is gone are gone; those that were never sealed are as they are. */
export function openLines(sealed: string, keyOf: (id: string) => LogKey | undefined): string {
  let lines = '';
  for (const line of sealed.split('\n')) {
    if (!isSealed(line)) {
      if (line !== '') lines += `${line}\n`;
      continue;
    }
    const { id, nonce, block, sealed: text } = partsOf(line);
    const key = keyOf(id);
    if (!key) continue;
    const decipher = createDecipheriv(CIPHER, key.secret, ivOf(Buffer.from(nonce, 'base64url'), block));
    lines += decipher.update(text, 'base64', 'utf8') + decipher.final('utf8');
  }
  return lines;
}

interface SealedParts {
  readonly id: string;
  readonly nonce: string;
  readonly block: number;
  readonly sealed: string;
}

function partsOf(line: string): SealedParts {
  const from = line.startsWith(STREAM_MARK) ? STREAM_MARK.length : 0;
  const id = line.slice(from, from + ID_LENGTH);
  const nonceEnd = from + ID_LENGTH + NONCE_LENGTH;
  const nonce = line.slice(from + ID_LENGTH, nonceEnd);
  if (from === 0) return { id, nonce, block: 0, sealed: line.slice(nonceEnd) };
  const end = nonceEnd + PLACE_LENGTH;
  return { id, nonce, block: Number.parseInt(line.slice(nonceEnd, end), 16), sealed: line.slice(end) };
}

/** Records of hubs that sealed nothing are JSON. */
function isSealed(line: string): boolean {
  return line !== '' && !line.startsWith('{');
}

const NONCES_AT_ONCE = 512;
const nonces = Buffer.alloc(NONCE_BYTES * NONCES_AT_ONCE);
let next = nonces.length;

/** Drawn in bulk: one call for many records. */
function nextNonce(): Buffer {
  if (next >= nonces.length) {
    randomFillSync(nonces);
    next = 0;
  }
  next += NONCE_BYTES;
  return nonces.subarray(next - NONCE_BYTES, next);
}
