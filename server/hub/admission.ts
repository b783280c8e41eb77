import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';

/**
 * The site that a page may speak for, by socket or by beacon. The publishable key is public and only names it; the
 * browser's origin must be on that site's list.
 */
export function admit(sites: SiteRegistry, publishableKey: string, origin: string | undefined) {
  const site = sites.byPublishableKey(publishableKey);
  if (!site) {
    throw new HubError('unauthorized', 'No site has this publishable key.', {
      errors: [{ path: 'site', message: 'Unknown key.' }],
    });
  }
  if (origin === undefined || !site.origins.includes(origin)) {
    throw new HubError(
      'forbidden_origin',
      `${origin ?? 'A page without an origin'} is not on this site’s list of origins.`,
    );
  }
  return { site, origin };
}
