import type { Request, Response } from 'express';
import type { Contacts } from '../engine/contacts.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import { exportShopper } from '../engine/shopper-export.ts';
import { readReasons } from '../engine/shopper-reasons.ts';
import { ShopperId, type SiteId } from '../../shared/ids.ts';
import { Locale } from '../../shared/localized-text.ts';
import type { ShopperKey, Store } from '../store/store.ts';
import type { Route } from './route.ts';

const PATH = '/v1/shoppers/:id';

export interface ShopperParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly contacts: Contacts;
}

/** What the hub knows of a shopper: why each rule did or did not show something to them, all of it, and its end. */
export function shopperRoutes({ store, engine, contacts }: ShopperParts): Route[] {
  return [
    {
      method: 'get',
      path: `${PATH}/reasons`,
      needs: 'viewer',
      async handle(request, { site }) {
        const key = keyIn(request, site);
        const locale = parse(Locale.default('en'), request.query['locale']);
        const known = await store.load(key, []);
        if (!known.document) throw unknown();
        return { shopper: key.shopper, ...(await readReasons(store, key, locale)) };
      },
    },
    {
      method: 'get',
      path: PATH,
      needs: 'owner',
      handle: (request, { site }, response) =>
        send(response, exportShopper(store, contacts, keyIn(request, site))),
    },
    {
      method: 'delete',
      path: PATH,
      needs: 'owner',
      async handle(request, { site }) {
        const key = keyIn(request, site);
        // Also one of whom nothing is known: perhaps something is on its way.
        await engine.erase(key);
        return { ok: true, shopper: key.shopper };
      },
    },
  ];
}

function keyIn(request: Request, site: SiteId): ShopperKey {
  return { site, shopper: parse(ShopperId, request.params['id']) };
}

/** Piece by piece, as fast as it is read at the other end. */
async function send(response: Response, pieces: AsyncGenerator<string>): Promise<void> {
  const first = await pieces.next();
  if (first.done === true) throw unknown();
  response.type('application/json');
  response.attachment('shopper.json');
  response.write(first.value);
  for await (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

/** Resolves also where the other end has hung up: nothing more is written then. */
function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

function unknown(): HubError {
  return new HubError('not_found', 'The hub knows no such shopper.');
}
