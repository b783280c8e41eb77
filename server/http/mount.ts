import { type Express, json, type Request, type RequestHandler, type Response } from 'express';
import type { Audit, Author } from '../accounts/audit.ts';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { ERRORS } from '../../shared/errors.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import { type Role, ROLES } from '../../shared/people.ts';
import { erasureMark, nameOfShopper } from '../store/shopper-name.ts';
import type { Callers } from './callers.ts';
import { readBody } from './read-body.ts';
import type { HubRoute, PersonRoute, Route, SiteCaller, SiteRoute } from './route.ts';

const LONGEST_PARAM = 300;

export interface MountParts {
  readonly callers: Callers;
  readonly audit: Audit;
  readonly sites: Pick<SiteRegistry, 'version'>;
  /** What comes before each endpoint. */
  readonly first: RequestHandler;
}

/** Adds endpoints to an app: who asks is known before a byte of a body is read, and what they change is noted. */
export function mount(app: Express, routes: readonly Route[], parts: MountParts): void {
  for (const route of routes) app[route.method](route.path, parts.first, handlerOf(route, parts));
}

function handlerOf(route: Route, parts: MountParts): RequestHandler {
  const { callers } = parts;
  switch (route.needs) {
    case 'nothing':
      return async (request, response) => send(response, await route.handle(request, response));
    case 'own_page':
      return withBody(route, (request) => {
        callers.expectOwnPage(request);
        return async (response) => route.handle(request, callers.addressOf(request), response);
      });
    case 'person':
      return forPerson(route, callers);
    case 'hub':
      return forHub(route, parts);
    default:
      return forSite(route, parts);
  }
}

function forPerson(route: PersonRoute, callers: Callers): RequestHandler {
  return withBody(route, async (request, response) => {
    const session = await callers.ofSession(request);
    keepToOwnPages(response);
    return async () => route.handle(request, session, response);
  });
}

function forHub(route: HubRoute, { callers, ...parts }: MountParts): RequestHandler {
  return withBody(route, async (request) => {
    const caller = await callers.ofHub(request);
    return (response) => {
      const site = route.site(request);
      const run = async () => route.handle(request, caller, response);
      if (route.method === 'get') return run();
      return noted(parts, { request, response, site, author: caller.author }, route, run);
    };
  });
}

function forSite(route: SiteRoute, { callers, ...parts }: MountParts): RequestHandler {
  return withBody(route, async (request, response) => {
    const caller = await callers.ofSite(request);
    if (caller.person !== null) keepToOwnPages(response);
    if (!isAllowed(caller, route)) throw new HubError('forbidden', refusalOf(route));
    return () => {
      const run = async () => route.handle(request, caller, response);
      // What the shop's servers say of shoppers is in the log of events.
      if (route.method === 'get' || route.needs === 'server' || route.isTrial) return run();
      const { site, author } = caller;
      return noted(parts, { request, response, site, author }, route, run);
    };
  });
}

/** `admit`: throws for those who may not; what it returns runs once the body was read. */
function withBody(
  { bodyLimit }: { readonly bodyLimit?: string },
  admit: (request: Request, response: Response) => MaybePromise<(response: Response) => Promise<unknown>>,
): RequestHandler {
  // A compressed body is refused, since a small one may unpack to megabytes.
  const readJson = bodyLimit === undefined ? null : json({ limit: bodyLimit, inflate: false });
  return async (request, response) => {
    const run = await admit(request, response);
    if (readJson) await readBody(readJson, request, response);
    send(response, await run(response));
  };
}

type MaybePromise<T> = T | Promise<T>;

interface Change {
  readonly request: Request;
  readonly response: Response;
  readonly site: SiteId | null;
  readonly author: Author;
}

/** Notes a change before it is made, and what came of it before that is answered. */
async function noted(
  { audit, sites }: Pick<MountParts, 'audit' | 'sites'>,
  { request, response, site, author }: Change,
  { method, path }: Pick<Route, 'method' | 'path'>,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const params = paramsOf(request, path, site);
  const versionOf = () => (site === null ? 0 : sites.version(site));
  const versionBefore = versionOf();
  const begun = await audit.begin({ by: author, site, method: method.toUpperCase(), path, params });
  let answer: unknown;
  try {
    answer = await run();
  } catch (error) {
    await begun.end(ERRORS[HubError.from(error).code].status);
    throw error;
  }
  const version = versionOf();
  await begun.end(response.statusCode, version === versionBefore ? undefined : version);
  return answer;
}

/** Of a shopper a mark that can't be turned back: what is noted outlives them, where they are erased. */
function paramsOf(request: Request, path: string, site: SiteId | null): Record<string, string> {
  const given = Object.entries(request.params).map(
    ([name, value]) => [name, String(value).slice(0, LONGEST_PARAM)] as const,
  );
  const params = Object.fromEntries(given);
  const { id } = params;
  if (site === null || id === undefined || !path.startsWith('/v1/shoppers/:id')) return params;
  return { ...params, id: erasureMark(nameOfShopper({ site, shopper: id as ShopperId })) };
}

/** A server of the shop has the site's secret key, and may do all but what is for people. */
function isAllowed({ role }: SiteCaller, { needs, isForPeople }: SiteRoute): boolean {
  if (role === 'server') return !isForPeople;
  return needs !== 'server' && rank(role) >= rank(needs);
}

function rank(role: Role): number {
  return ROLES.indexOf(role);
}

function refusalOf({ needs, isForPeople }: SiteRoute): string {
  if (needs === 'server') return 'This is for the shop’s servers.';
  return isForPeople
    ? `This takes somebody who has signed in, with the role "${needs}" or a greater one.`
    : `This takes the role "${needs}" or a greater one.`;
}

/** Beacons are answered for pages of all origins; what a cookie opens is for none but the hub's. */
function keepToOwnPages(response: Response): void {
  response.set('Cross-Origin-Resource-Policy', 'same-origin');
}

function send(response: Response, answer: unknown): void {
  if (answer !== undefined && !response.headersSent) response.json(answer);
}
