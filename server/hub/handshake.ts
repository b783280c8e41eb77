import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { Handshake } from '../../shared/page-messages.ts';
import { OLDEST_SERVED_VERSION, PROTOCOL_VERSION } from '../../shared/protocol.ts';
import type { Visitor } from './hub-socket.ts';
import type { Tokens } from './token.ts';

/**
 * Who is calling. The publishable key only names the site; the browser's origin must be on that site's list. A token
 * that this hub did not make is treated as none: the shopper starts anew.
 */
export function greet(
  auth: unknown,
  origin: string | undefined,
  sites: SiteRegistry,
  tokens: Tokens,
): Visitor {
  const handshake = parse(Handshake, auth);
  const site = sites.byPublishableKey(handshake.site);
  if (!site) throw new HubError('unauthorized', 'No site has this publishable key.', at('site'));
  if (origin === undefined || !site.origins.includes(origin)) {
    throw new HubError(
      'forbidden_origin',
      `${origin ?? 'A page without an origin'} is not on this site’s list of origins.`,
    );
  }
  const { version = PROTOCOL_VERSION } = handshake;
  if (version < OLDEST_SERVED_VERSION || version > PROTOCOL_VERSION) {
    throw new HubError(
      'unsupported_version',
      `This hub serves versions ${OLDEST_SERVED_VERSION} to ${PROTOCOL_VERSION}.`,
      at('version'),
    );
  }
  const shopper = (handshake.token && tokens.verify(site.id, handshake.token)) || tokens.mint();
  return {
    site: site.id,
    shopper,
    token: tokens.sign(site.id, shopper),
    tab: handshake.tab ?? null,
    locale: handshake.page?.locale ?? null,
    inspect: handshake.inspect === true && site.inspect,
  };
}

function at(path: string) {
  return { errors: [{ path, message: 'Refused.' }] };
}
