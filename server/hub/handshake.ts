import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { Handshake } from '../../shared/page-messages.ts';
import { OLDEST_SERVED_VERSION, PROTOCOL_VERSION } from '../../shared/protocol.ts';
import { admit } from './admission.ts';
import type { Visitor } from './hub-socket.ts';
import type { Tokens } from './token.ts';

/** Who is calling. A token that this hub did not make is treated as none: the shopper starts anew. */
export function greet(
  auth: unknown,
  origin: string | undefined,
  sites: SiteRegistry,
  tokens: Tokens,
): Visitor {
  const handshake = parse(Handshake, auth);
  const { site } = admit(sites, handshake.site, origin);
  const { version = PROTOCOL_VERSION } = handshake;
  if (version < OLDEST_SERVED_VERSION || version > PROTOCOL_VERSION) {
    throw new HubError(
      'unsupported_version',
      `This hub serves versions ${OLDEST_SERVED_VERSION} to ${PROTOCOL_VERSION}.`,
      { errors: [{ path: 'version', message: 'Refused.' }] },
    );
  }
  const shopper = (handshake.token && tokens.verify(site.id, handshake.token)) || tokens.mint();
  return {
    site: site.id,
    shopper,
    token: tokens.sign(site.id, shopper),
    tab: handshake.tab ?? null,
    page: handshake.page ?? null,
    inspect: handshake.inspect === true && site.inspect,
  };
}
