import type * as crypto from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { Passwords } from '../../server/accounts/passwords.ts';
import { Sessions } from '../../server/accounts/sessions.ts';
import { RecoveryLinks } from '../../server/engine/recovery-links.ts';
import { Tokens } from '../../server/hub/token.ts';
import { mintSigningSecret, signatureHeaders, verifiedId } from '../../server/webhooks/signature.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';

// How long a comparison takes is too little to measure from outside on any machine: what is looked at is by what it is made.
const compared = vi.hoisted(() => [] as number[]);
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>();
  const timingSafeEqual: typeof real.timingSafeEqual = (one, other) => {
    compared.push(one.byteLength);
    return real.timingSafeEqual(one, other);
  };
  return { ...real, timingSafeEqual };
});

const SECRET = new Uint8Array(32).fill(7);
const NOW = 1_795_000_000_000;
const site = SiteId.parse('shop');
const shopper = ShopperId.parse('AAAAAAAAAAAAAAAAAAAAAA');

interface Check {
  /** A secret that is right. */
  readonly right: string;
  /** In which of its characters a wrong one differs, the first and a late one. */
  readonly changed: readonly [number, number];
  accepts(secret: string): boolean | Promise<boolean>;
}

const tokens = new Tokens(SECRET);
const links = new RecoveryLinks(SECRET);
// A session's token for forms is made of its id and the secret: neither store nor accounts are asked.
const sessions = new Sessions({ registers: {} } as never, {} as never, SECRET);
const passwords = new Passwords({ ln: 4, r: 8, p: 1 });
const password = await passwords.hash('correct horse');
const signing = mintSigningSecret();
const signed = signatureHeaders({ id: 'msg', timestamp: NOW / 1_000, body: 'x' }, [signing]);

const macOf = (token: string): Check['changed'] => [token.lastIndexOf('.') + 1, token.length - 2];

function checkOf(right: string, accepts: Check['accepts'], changed = macOf(right)): Check {
  return { right, changed, accepts };
}

const CHECKS: Readonly<Record<string, Check>> = {
  'the token of an anonymous shopper': checkOf(
    tokens.sign(site, shopper),
    (token) => tokens.verify(site, token) !== null,
  ),
  'the token of one browser': checkOf(
    tokens.sign(site, shopper, 'AAAAAAAAAAAAAAAA'),
    (token) => tokens.verify(site, token) !== null,
  ),
  'a recovery link': checkOf(
    links.sign({ site, shopper, startedAt: NOW, until: NOW }),
    (token) => links.read(token) !== null,
  ),
  'the token of a form': checkOf(sessions.csrfToken('session'), (token) =>
    sessions.isCsrfToken('session', token),
  ),
  'the signature of a message': checkOf(
    signed['webhook-signature'] ?? '',
    (signature) =>
      verifiedId({ ...signed, 'webhook-signature': signature }, Buffer.from('x'), [signing], NOW) !== null,
    [3, 44],
  ),
  'a password': checkOf('correct horse', (given) => passwords.matches(password, given), [0, 12]),
};

it.each(Object.entries(CHECKS))(
  '%s is compared in a time that does not tell how much of a wrong one is right',
  async (_, { right, changed, accepts }) => {
    expect(await accepts(right)).toBe(true);
    for (const place of changed) {
      compared.length = 0;
      const other = right[place] === 'A' ? 'B' : 'A';
      expect(await accepts(right.slice(0, place) + other + right.slice(place + 1))).toBe(false);
      expect(compared).toHaveLength(1);
    }
  },
);
