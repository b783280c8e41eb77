import { randomUUID } from 'node:crypto';
import { type JWTHeaderParameters, SignJWT } from 'jose';

export const IDENTITY_KEY = 'ik_test_key_of_thirty_two_characters_or_more';

export interface TokenOptions {
  readonly key?: string;
  readonly header?: Partial<JWTHeaderParameters>;
  /** What it says beside and instead of what a good one does; undefined leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A token as a shop's server signs it: good for five minutes from now. */
export function shopToken(
  subject: string,
  { key = IDENTITY_KEY, header, claims }: TokenOptions = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const all = { sub: subject, aud: 'test', jti: randomUUID(), iat: now, exp: now + 300, ...claims };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(given).setProtectedHeader({ alg: 'HS256', ...header }).sign(Buffer.from(key));
}
