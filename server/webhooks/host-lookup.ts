import { type LookupAddress, Resolver } from 'node:dns';
import type { LookupFunction } from 'node:net';

const TIMEOUT_MS = 4_000;
const TRIES = 2;

/**
 * Asks name servers by itself. The system's own way, `dns.lookup`, holds one of the process's four threads for as long as a name
 * server is silent: names that strangers give would keep all that reads files waiting. It also knows this machine's own names.
 */
export const publicLookup: LookupFunction = (hostname, { all }, done) => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  void Promise.all([ask(resolver, hostname, 4), ask(resolver, hostname, 6)]).then(([four, six]) => {
    const found = [...four, ...six];
    const [first] = found;
    if (!first) done(Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' }), []);
    else if (all) done(null, found);
    else done(null, first.address, first.family);
  });
};

function ask(resolver: Resolver, hostname: string, family: 4 | 6): Promise<LookupAddress[]> {
  return new Promise((resolve) => {
    const answer = (error: Error | null, addresses: string[] = []) =>
      resolve(error ? [] : addresses.map((address) => ({ address, family })));
    if (family === 4) resolver.resolve4(hostname, answer);
    else resolver.resolve6(hostname, answer);
  });
}
