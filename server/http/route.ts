import type { Request, Response } from 'express';
import type { Author } from '../accounts/audit.ts';
import type { Session } from '../accounts/sessions.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { Email, Role } from '../../shared/people.ts';

/** Who asks on behalf of a site. */
export interface SiteCaller {
  readonly site: SiteId;
  /** `server`: a server of the shop, which has the secret key. */
  readonly role: Role | 'server';
  /** As the records of changes name them. */
  readonly by: string;
  /** Null for a server. */
  readonly person: Email | null;
  readonly author: Author;
}

/** Who runs the installation. */
export interface HubCaller {
  readonly by: string;
  readonly author: Author;
}

export type Method = 'get' | 'post' | 'put' | 'delete';

interface Common {
  readonly method: Method;
  /** As Express has it. */
  readonly path: string;
}

interface WithBody extends Common {
  /** The largest body, of JSON; absent: none is read. */
  readonly bodyLimit?: string;
}

/** Open to anybody. Reads its body by itself. */
export interface OpenRoute extends Common {
  readonly needs: 'nothing';
  handle(request: Request, response: Response): unknown;
}

/** Open to anybody who sits before one of the hub's own pages: forms of other sites are refused. `address`: whom limits count. */
export interface OwnPageRoute extends WithBody {
  readonly needs: 'own_page';
  handle(request: Request, address: string, response: Response): unknown;
}

/** For those who have signed in, about themselves. */
export interface PersonRoute extends WithBody {
  readonly needs: 'person';
  handle(request: Request, session: Session, response: Response): unknown;
}

/**
 * For those who have a say on a site. `server`: its servers alone; a role: its servers, and people who have that role or a
 * greater one. The site is the caller's: nothing in a request can name another.
 */
export interface SiteRoute extends WithBody {
  readonly needs: Role | 'server';
  /** Not for servers: whoever got hold of their key could make a way in that is there when the key is not. */
  readonly isForPeople?: true;
  /** A request that changes nothing, whatever its method. */
  readonly isTrial?: true;
  handle(request: Request, caller: SiteCaller, response: Response): unknown;
}

/** For who runs the installation and has the admin key. There is none where there is no such key. */
export interface HubRoute extends WithBody {
  readonly needs: 'hub';
  /** The site that it is about, to be noted with it; null: none. Throws where there is no such site. */
  site(request: Request): SiteId | null;
  handle(request: Request, caller: HubCaller, response: Response): unknown;
}

/**
 * An endpoint, and who may use it. What `handle` returns is sent as JSON; `undefined`: it has answered by itself. There is no
 * other way to add one, so that there is none without a word on who may use it.
 */
export type Route = OpenRoute | OwnPageRoute | PersonRoute | SiteRoute | HubRoute;
