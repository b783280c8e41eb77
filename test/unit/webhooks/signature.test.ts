import { describe, expect, it } from 'vitest';
import { mintSigningSecret, signatureHeaders, verifiedId } from '../../../server/webhooks/signature.ts';

const NOW = 1_795_000_000_000;
const secret = mintSigningSecret();
const body = Buffer.from('{"test": 2432232314}');
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const timestamp = NOW / 1_000;
const headers = signatureHeaders({ id, timestamp, body }, [secret]);
const verify = (
  given: Readonly<Record<string, string | string[] | undefined>>,
  { of = body, by = [secret], at = NOW } = {},
) => verifiedId(given, of, by, at);

describe('a message that is signed', () => {
  it('is signed as the specification’s own example is', () => {
    const told = signatureHeaders({ id, timestamp: 1_614_265_330, body: '{"test": 2432232314}' }, [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ]);
    expect(told).toEqual({
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('has a secret of 256 bits', () => {
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  });

  it('is taken with either secret while there are two, and with a signature among others', () => {
    const other = mintSigningSecret();
    const both = signatureHeaders({ id, timestamp, body }, [other, secret]);
    expect(both['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(verify(both)).toBe(id);
    expect(verify(headers, { by: [other, secret] })).toBe(id);
    expect(
      verify({ ...headers, 'webhook-signature': `v1a,abc v1,AAAA ${headers['webhook-signature']}` }),
    ).toBe(id);
  });

  it.each([
    ['another body', {}, { of: Buffer.from('{"test": 2432232315}') }],
    ['the same JSON in other bytes', {}, { of: Buffer.from('{"test":2432232314}') }],
    ['another id', { 'webhook-id': 'msg_other' }, {}],
    ['another time', { 'webhook-timestamp': String(timestamp + 1) }, {}],
    ['a time that is not written so', { 'webhook-timestamp': `${timestamp}.0` }, {}],
    ['no id', { 'webhook-id': undefined }, {}],
    ['no time', { 'webhook-timestamp': undefined }, {}],
    ['no signature', { 'webhook-signature': undefined }, {}],
    ['an empty one', { 'webhook-signature': '' }, {}],
    ['one without its version', { 'webhook-signature': headers['webhook-signature']?.slice(3) }, {}],
    [
      'one of another version',
      { 'webhook-signature': headers['webhook-signature']?.replace('v1', 'v2') },
      {},
    ],
    ['half of it', { 'webhook-signature': headers['webhook-signature']?.slice(0, 20) }, {}],
    ['another’s secret', {}, { by: [mintSigningSecret()] }],
    ['no secret to compare with', {}, { by: [] }],
    ['a time six minutes ago', {}, { at: NOW + 360_000 }],
    ['a time six minutes ahead', {}, { at: NOW - 360_000 }],
    ['two headers where one is due', { 'webhook-signature': [headers['webhook-signature'] ?? ''] }, {}],
  ])('is refused with %s', (_, changed, how) => {
    expect(verify({ ...headers, ...changed }, how)).toBeNull();
  });

  it.each([-299_000, 0, 299_000])('is taken %i ms from its time', (ms) => {
    expect(verify(headers, { at: NOW + ms })).toBe(id);
  });
});
