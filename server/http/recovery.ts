import type { Request, Response } from 'express';
import type { Cart } from '../core/cart.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { Recovered, RecoveryLinks } from '../engine/recovery-links.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Addresses } from '../limits/addresses.ts';
import { durationMs } from '../../shared/duration.ts';
import { RecoveryBody } from '../../shared/http-bodies.ts';
import type { Callers } from './callers.ts';
import { allowOrigin } from './page-body.ts';
import type { Route } from './route.ts';
import { tooMuchFor } from './track.ts';

export interface RecoveryParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly links: RecoveryLinks;
  readonly addresses: Addresses;
  /** Where people reach the hub; null: where they ask. */
  readonly publicUrl: string | null;
}

/** Ways back to one cart: made for the shop's server, followed from a message, and read by the page where they end. */
export function recoveryRoutes(parts: RecoveryParts, callers: Callers): Route[] {
  const { engine, sites, links, addresses, publicUrl } = parts;
  const spare = (request: Request) => tooMuchFor(addresses.refusesMessage(callers.addressOf(request)));
  return [
    {
      method: 'post',
      path: '/v1/recovery-links',
      needs: 'server',
      bodyLimit: '4kb',
      async handle(request, { site }) {
        const { shopper, validFor } = parse(RecoveryBody, request.body);
        const { document, now } = await engine.read({ site, shopper });
        if (!document || document.cart.startedAt === null)
          throw new HubError('not_found', 'This shopper has no cart to come back to.');
        const until = now + durationMs(validFor);
        const token = links.sign({ site, shopper, startedAt: document.cart.startedAt, until });
        const hub = publicUrl ?? `${request.protocol}://${request.get('host') ?? ''}`;
        return { url: `${hub}/r/${token}`, expiresAt: until };
      },
    },
    {
      method: 'get',
      path: '/r/:token',
      needs: 'nothing',
      async handle(request: Request, response: Response) {
        spare(request);
        const token = String(request.params['token']);
        const named = links.read(token);
        if (!named || !sites.has(named.site)) throw unknown();
        const { origins, settings } = sites.definition(named.site);
        const page = new URL(settings.cartPage, origins[0]);
        // Whatever became of the cart, whoever follows the link is in the shop.
        if (await cartOf(engine, named)) page.searchParams.set('cartbell_cart', token);
        response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
        response.redirect(303, page.href);
      },
    },
    {
      method: 'get',
      path: '/v1/recovered-carts/:token',
      needs: 'nothing',
      async handle(request: Request, response: Response) {
        spare(request);
        const named = links.read(String(request.params['token']));
        const { origin } = request.headers;
        if (!named || !sites.has(named.site)) throw unknown();
        if (origin === undefined || !sites.definition(named.site).origins.includes(origin)) throw unknown();
        allowOrigin(response, origin);
        response.set('Cache-Control', 'no-store');
        const cart = await cartOf(engine, named);
        if (!cart) throw unknown();
        return { items: cart.lines };
      },
    },
  ];
}

/** Null where it is not there any more, was bought, or the link is over. */
async function cartOf(engine: Engine, { site, shopper, startedAt, until }: Recovered): Promise<Cart | null> {
  const { document, now } = await engine.read({ site, shopper });
  const to = document?.departed?.to;
  const known = to === undefined ? document : (await engine.read({ site, shopper: to })).document;
  const isThere = known?.cart.startedAt === startedAt && known.cart.lines.length > 0;
  return isThere && now < until ? known.cart : null;
}

/** One answer, whatever is wrong with it. */
function unknown(): HubError {
  return new HubError('not_found', 'There is no such cart.');
}
