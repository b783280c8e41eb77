import type { Request } from 'express';
import type { Accounts } from '../accounts/accounts.ts';
import type { Inviter, People } from '../accounts/people.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { SiteId } from '../../shared/ids.ts';
import { DisabledBody, Email, Invite, RoleBody } from '../../shared/people.ts';
import type { Route } from './route.ts';
import { siteNamed } from './sites.ts';

const BODY_LIMIT = '4kb';

export interface PeopleRouteParts {
  readonly people: People;
  readonly accounts: Accounts;
  readonly sites: SiteRegistry;
}

/** Who may do what on a site. */
export function peopleRoutes(parts: PeopleRouteParts): Route[] {
  const { people } = parts;
  return [
    {
      method: 'get',
      path: '/v1/people',
      needs: 'owner',
      handle: (_request, { site }) => people.list(site),
    },
    {
      method: 'post',
      path: '/v1/people',
      needs: 'owner',
      isForPeople: true,
      bodyLimit: BODY_LIMIT,
      async handle(request, { site, person }, response) {
        if (person === null) throw new HubError('forbidden', 'People are invited by people.');
        response.status(201);
        return invite(people, site, request, person);
      },
    },
    {
      method: 'put',
      path: '/v1/people/:email',
      needs: 'owner',
      isForPeople: true,
      bodyLimit: BODY_LIMIT,
      async handle(request, { site }) {
        const { role } = parse(RoleBody, request.body);
        const email = emailNamed(request);
        await people.putRole(site, email, role);
        return { email, role };
      },
    },
    {
      method: 'delete',
      path: '/v1/people/:email',
      needs: 'owner',
      isForPeople: true,
      async handle(request, { site }) {
        await people.remove(site, emailNamed(request));
        return { ok: true };
      },
    },
    ...operatorRoutes(parts),
  ];
}

/** What takes who runs the installation: the first owner of a site, and accounts as a whole. */
function operatorRoutes({ people, accounts, sites }: PeopleRouteParts): Route[] {
  const site = siteNamed(sites);
  return [
    {
      method: 'get',
      path: '/v1/sites/:site/people',
      needs: 'hub',
      site,
      handle: (request) => people.list(site(request)),
    },
    {
      method: 'post',
      path: '/v1/sites/:site/people',
      needs: 'hub',
      bodyLimit: BODY_LIMIT,
      site,
      async handle(request, _caller, response) {
        response.status(201);
        return invite(people, site(request), request, 'operator');
      },
    },
    {
      method: 'put',
      path: '/v1/accounts/:email/disabled',
      needs: 'hub',
      bodyLimit: BODY_LIMIT,
      site: () => null,
      async handle(request) {
        const { disabled } = parse(DisabledBody, request.body);
        const email = emailNamed(request);
        await accounts.disable(email, disabled);
        return { email, disabled };
      },
    },
  ];
}

async function invite(people: People, site: SiteId, request: Request, by: Inviter) {
  const { email, role } = parse(Invite, request.body);
  return { email, role, ...(await people.invite(site, email, role, by)) };
}

function emailNamed({ params }: Request): Email {
  return parse(Email, params['email']);
}
