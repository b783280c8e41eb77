import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { CIPHER, ID_LENGTH, ivOf, type LogKey, NONCE_BYTES } from './log-key.ts';

/** In base64url. */
const NONCE_LENGTH = 16;

/** Records as a log of texts has them. One line, and after it as many line breaks as the text had: whoever counts breaks counts records. */
export function sealLines(lines: string, { id, secret }: LogKey): string {
  if (lines === '') return '';
  const nonce = nextNonce();
  const cipher = createCipheriv(CIPHER, secret, ivOf(nonce, 0));
  // A stream cipher holds nothing back for the end.
  const sealed = cipher.update(lines, 'utf8').toString('base64');
  return id + nonce.toString('base64url') + sealed + '\n'.repeat(breaksIn(lines));
}

function breaksIn(lines: string): number {
  let breaks = 0;
  for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

/** The ids of the keys that it takes to open them. */
export function keysOf(sealed: string): string[] {
  return sealed.split('\n').flatMap((line) => (isSealed(line) ? [line.slice(0, ID_LENGTH)] : []));
}

/** The lines as they were. Those whose key is gone are gone; those that were never sealed are as they are. */
export function openLines(sealed: string, keyOf: (id: string) => LogKey | undefined): string {
  let lines = '';
  for (const line of sealed.split('\n')) {
    if (!isSealed(line)) {
      if (line !== '') lines += `${line}\n`;
      continue;
    }
    const key = keyOf(line.slice(0, ID_LENGTH));
    if (!key) continue;
    const nonce = Buffer.from(line.slice(ID_LENGTH, ID_LENGTH + NONCE_LENGTH), 'base64url');
    const decipher = createDecipheriv(CIPHER, key.secret, ivOf(nonce, 0));
    lines += decipher.update(line.slice(ID_LENGTH + NONCE_LENGTH), 'base64', 'utf8') + decipher.final('utf8');
  }
  return lines;
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
