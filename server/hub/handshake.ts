import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { Handshake } from '../../shared/page-messages.ts';
import { OLDEST_SERVED_VERSION, PROTOCOL_VERSION } from '../../shared/protocol.ts';
import { admit } from './admission.ts';
import type { Bearer, Bearers } from './bearers.ts';
import type { Visitor } from './hub-socket.ts';

/** What a page says of itself as it connects, and the site that it may speak for. */
export interface Greeting {
  readonly site: ReturnType<typeof admit>['site'];
  readonly handshake: Handshake;
}

export function greet(auth: unknown, origin: string | undefined, sites: SiteRegistry): Greeting {
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
  return { site, handshake };
}

/** Who is calling. A token that speaks for nobody is treated as none: the shopper starts anew. */
export async function bearerOf({ site, handshake }: Greeting, bearers: Bearers): Promise<Bearer> {
  const { token, identity, tab = null } = handshake;
  if (identity === undefined)
    return (token === undefined ? null : await bearers.find(site.id, token)) ?? bearers.stranger(site.id);
  const before = token === undefined ? null : await bearers.before(site.id, token);
  return bearers.identify(site.id, identity, { before, tab });
}

export function visitorOf({ site, handshake }: Greeting, bearer: Bearer): Omit<Visitor, 'from'> {
  const { tab = null, page = null, inspect, token } = handshake;
  const { shopper, binding } = bearer;
  return {
    site: site.id,
    shopper,
    token: bearer.token,
    ...(binding ? { binding } : {}),
    isReturning: bearer.token === token,
    tab,
    page,
    inspect: inspect === true && site.inspect,
  };
}
