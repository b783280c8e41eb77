import type { Response } from 'express';
import type { Audit, Begun } from '../accounts/audit.ts';
import type { Invitation, People } from '../accounts/people.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';
import type { SignedIn, SignIn } from '../accounts/sign-in.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { ERRORS } from '../../shared/errors.ts';
import { Accept, PasswordBody, SignIn as SignInBody } from '../../shared/people.ts';
import type { Callers } from './callers.ts';
import type { Route } from './route.ts';
import { clearSessionCookie, setSessionCookie } from './session-cookie.ts';

export interface SignInRouteParts {
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly people: People;
  readonly sites: SiteRegistry;
  readonly audit: Audit;
}

const BODY_LIMIT = '4kb';

/** The door for people: in by password or invitation, who one is, a new password, and out. */
export function signInRoutes(parts: SignInRouteParts, callers: Callers): Route[] {
  return [...waysIn(parts), ...withinSession(parts, callers)];
}

function waysIn(parts: SignInRouteParts): Route[] {
  const { signIn, audit } = parts;
  return [
    {
      method: 'post',
      path: '/v1/sign-in',
      needs: 'own_page',
      bodyLimit: BODY_LIMIT,
      async handle(request, address, response) {
        const { email, password } = parse(SignInBody, request.body);
        return letIn(parts, response, await signIn.byPassword(email, password, address));
      },
    },
    {
      method: 'post',
      path: '/v1/invitations/accept',
      needs: 'own_page',
      bodyLimit: BODY_LIMIT,
      async handle({ method, body }, address, response) {
        const { token, password } = parse(Accept, body);
        const noted: { begun?: Begun } = {};
        const note = async ({ site, email }: Invitation) => {
          const change = { by: { account: email }, site, method, path: '/v1/invitations/accept', params: {} };
          noted.begun = await audit.begin(change);
        };
        try {
          const signedIn = await signIn.byInvitation(token, password, address, note);
          await noted.begun?.end(200);
          return letIn(parts, response, signedIn);
        } catch (error) {
          await noted.begun?.end(ERRORS[HubError.from(error).code].status);
          throw error;
        }
      },
    },
  ];
}

function withinSession(parts: SignInRouteParts, callers: Callers): Route[] {
  const { sessions, signIn, people, sites } = parts;
  return [
    {
      method: 'get',
      path: '/v1/me',
      needs: 'person',
      async handle(_request, { id, email, account }) {
        const roles = await rolesOf(email, account, people, sites);
        return { email, roles, csrf: sessions.csrfToken(id) };
      },
    },
    {
      method: 'post',
      path: '/v1/sign-out',
      needs: 'person',
      async handle(_request, session, response) {
        await sessions.end(session);
        clearSessionCookie(response);
        return { ok: true };
      },
    },
    {
      method: 'post',
      path: '/v1/password',
      needs: 'person',
      bodyLimit: BODY_LIMIT,
      async handle(request, session, response) {
        const given = parse(PasswordBody, request.body);
        const address = callers.addressOf(request);
        return letIn(parts, response, await signIn.changePassword(session, given.old, given.new, address));
      },
    },
  ];
}

function letIn({ sessions }: SignInRouteParts, response: Response, { id, email, token }: SignedIn) {
  setSessionCookie(response, token);
  return { email, csrf: sessions.csrfToken(id) };
}

/** By site; those that are gone, and where they were taken off, are left out. */
async function rolesOf(
  email: Session['email'],
  { sites: own }: Session['account'],
  people: People,
  sites: SiteRegistry,
): Promise<Record<string, string>> {
  const roles = await Promise.all(
    own.map(async (site) => [site, sites.has(site) ? await people.roleOf(email, site) : null] as const),
  );
  return Object.fromEntries(roles.flatMap(([site, role]) => (role === null ? [] : [[site, role]])));
}
