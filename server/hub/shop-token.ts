import { randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import { HubError } from '../engine/hub-error.ts';
import type { SiteId } from '../../shared/ids.ts';

/** What a shop's token says, once it is known to be the shop's. */
export interface Claims {
  /** Who it is, by the shop's own name for them. */
  readonly subject: string;
  /** Of this token. */
  readonly id: string;
  /** When the shop made it, and from when on it is no good: milliseconds since 1970. */
  readonly madeAt: number;
  readonly until: number;
}

const LONGEST_LIFE_S = 15 * 60;
const CLOCKS_DIFFER_BY_S = 30;
/** There is nothing to choose from: a token can't say by which algorithm it is looked at. */
const ALGORITHMS = ['HS256'];

const Payload = z.object({
  sub: z.string().min(1).max(200),
  jti: z.string().min(1).max(100),
  iat: z.number(),
  exp: z.number(),
});

/**
 * Reads a JSON Web Token by which a shop says who somebody is (RFC 7519): signed with one of the site's identity keys (HS256,
 * `kid` in its header names which), for this site alone (`aud`), with `sub`, `jti`, `iat` and `exp`, at most 15 minutes apart.
 * Whatever is wrong with one, the answer is the same, and so is the work that it takes.
 */
export async function readShopToken(
  token: string,
  site: SiteId,
  keysNamed: (kid: string | undefined) => readonly string[],
): Promise<Claims> {
  for (const key of keysFor(token, keysNamed)) {
    const claims = await verified(token, site, key);
    if (claims) return claims;
  }
  throw notTaken();
}

export function notTaken(): HubError {
  return new HubError(
    'identity_refused',
    'The shop’s token is not good: signed by whom, for whom, and until when?',
    {
      errors: [{ path: 'identity', message: 'Refused.' }],
    },
  );
}

async function verified(token: string, site: SiteId, key: Uint8Array): Promise<Claims | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ALGORITHMS,
      audience: site,
      maxTokenAge: LONGEST_LIFE_S,
      clockTolerance: CLOCKS_DIFFER_BY_S,
    });
    const { sub, jti, iat, exp } = Payload.parse(payload);
    if (exp - iat > LONGEST_LIFE_S) return null;
    return { subject: sub, id: jti, madeAt: iat * 1_000, until: (exp + CLOCKS_DIFFER_BY_S) * 1_000 };
  } catch {
    return null;
  }
}

/** Where the token names none that there is, one that signed nothing. */
function keysFor(token: string, keysNamed: (kid: string | undefined) => readonly string[]): Uint8Array[] {
  const keys = keysNamed(kidOf(token));
  return keys.length > 0 ? keys.map((key) => Buffer.from(key)) : [randomBytes(32)];
}

function kidOf(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
    const { kid } = z.object({ kid: z.string() }).parse(header);
    return kid;
  } catch {
    return undefined;
  }
}
