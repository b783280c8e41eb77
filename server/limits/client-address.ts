import type { IncomingHttpHeaders } from 'node:http';

/** What limits are counted by: an IPv4 address, or the half of an IPv6 address that one customer is given. */
export type ClientAddress = string;

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Who is asking, by the proxies that may be believed: each adds to `X-Forwarded-For` whom it heard it from, so with `hops`
 * proxies before the hub the last `hops` entries are theirs, and what comes before them anybody may have written.
 */
export function clientAddress(
  headers: IncomingHttpHeaders,
  peer: string | undefined,
  hops: number,
): ClientAddress {
  const given = headers['x-forwarded-for'];
  const told = (Array.isArray(given) ? given.join(',') : (given ?? '')).split(',');
  const chain = [...told.map((entry) => entry.trim()).filter((entry) => entry !== ''), peer ?? ''];
  const found = chain[Math.max(0, chain.length - 1 - hops)] ?? '';
  return networkOf(found);
}

/** Whoever has an IPv6 address has 2^64 of them. */
function networkOf(address: string): ClientAddress {
  const [, ipv4] = IPV4_IN_IPV6.exec(address) ?? [];
  if (ipv4 !== undefined) return ipv4;
  if (!address.includes(':')) return address.slice(0, 45);
  const [head = '', tail] = address.slice(0, 45).split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}
