import { BlockList, isIP, type LookupFunction } from 'node:net';

export const DISGUISED = 'DISGUISED';

/**
 * Addresses of the fourth version in the oldest way to write them as ones of the sixth: `::7f00:1` for `127.0.0.1`. The filter
 * takes them for public unless they are written with dots.
 */
const disguised = new BlockList();
disguised.addSubnet('::', 96, 'ipv6');

export function isDisguised(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return isIP(address) === 6 && disguised.check(address, 'ipv6');
}

/** A lookup that fails where one of the addresses found is such a one. */
export function withoutDisguised(lookup: LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
      if (error === null && addresses.some(isDisguised))
        done(Object.assign(new Error('The name stands for a disguised address.'), { code: DISGUISED }), []);
      else done(error, found, family);
    });
  };
}
