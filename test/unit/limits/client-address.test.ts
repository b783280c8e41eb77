import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../../server/limits/client-address.ts';

const PROXY = '10.0.0.1';
const told = (forwarded: string | string[]) =>
  ({ 'x-forwarded-for': forwarded }) as { 'x-forwarded-for': string };

describe('whose request it is', () => {
  it.each([
    ['nobody forwards', {}, PROXY, 0, PROXY],
    ['a header that no proxy has written is not believed', told('1.1.1.1'), PROXY, 0, PROXY],
    ['one proxy tells it', told('1.1.1.1'), PROXY, 1, '1.1.1.1'],
    ['what the client made up comes before it', told('9.9.9.9, 8.8.8.8, 1.1.1.1'), PROXY, 1, '1.1.1.1'],
    ['two proxies', told('9.9.9.9, 1.1.1.1, 10.0.0.2'), PROXY, 2, '1.1.1.1'],
    ['fewer entries than proxies', told('1.1.1.1'), PROXY, 3, '1.1.1.1'],
    ['no header behind a proxy', {}, PROXY, 1, PROXY],
    ['empty entries', told(' , ,1.1.1.1,'), PROXY, 1, '1.1.1.1'],
    ['two headers', told(['9.9.9.9', '1.1.1.1']), PROXY, 1, '1.1.1.1'],
    ['IPv4 in IPv6', {}, '::ffff:1.1.1.1', 0, '1.1.1.1'],
    ['IPv6 counts by its network', {}, '2001:db8:1:2:aaaa::1', 0, '2001:db8:1:2::/64'],
    ['the same network in another spelling', {}, '2001:0DB8:0001:0002::99', 0, '2001:db8:1:2::/64'],
    ['the loopback', {}, '::1', 0, '0:0:0:0::/64'],
    ['no peer at all', {}, undefined, 0, ''],
    ['a very long lie', told('x'.repeat(5_000)), PROXY, 1, 'x'.repeat(45)],
  ])('%s', (_, headers, peer, hops, address) => {
    expect(clientAddress(headers, peer, hops)).toBe(address);
  });
});
