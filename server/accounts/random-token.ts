import { createHash, randomBytes } from 'node:crypto';

/** 256 bits for one person to keep. The hub keeps `hashOfToken` alone, which nobody can turn back. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
