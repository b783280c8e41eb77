import type { IncomingHttpHeaders } from 'node:http';
import type { SiteRegistry } from '../engine/site-registry.ts';

/**
 * The origin that a request comes from, where some site knows it. Browsers leave `Origin` out of plain requests to the
 * page's own origin and say so in `Sec-Fetch-Site`; then it is the host that was asked.
 */
export function originOf(headers: IncomingHttpHeaders, sites: SiteRegistry): string | undefined {
  const isOwn = headers.origin === undefined && headers['sec-fetch-site'] === 'same-origin';
  const origins = isOwn ? [`http://${headers.host}`, `https://${headers.host}`] : [headers.origin ?? ''];
  return origins.find((origin) => sites.isKnownOrigin(origin));
}
