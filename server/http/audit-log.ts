import { z } from 'zod';
import { type Audit, ENTRIES_AT_ONCE } from '../accounts/audit.ts';
import { parse } from '../engine/parse.ts';
import type { Route } from './route.ts';

const Page = z.object({
  before: z
    .string()
    .regex(/^\d{13}-[0-9a-f]{12}$/, 'Not the id of an entry.')
    .optional(),
});

/** Who changed what, the newest first. `before`: the id of the last one that was told. */
export function auditRoutes(audit: Audit): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/audit',
      needs: 'owner',
      async handle(request, { site }) {
        const { before = '' } = parse(Page, request.query);
        return told(await audit.list(site, before));
      },
    },
    {
      method: 'get',
      path: '/v1/hub/audit',
      needs: 'hub',
      site: () => null,
      async handle(request) {
        const { before = '' } = parse(Page, request.query);
        return told(await audit.list(null, before));
      },
    },
  ];
}

/** `next`: where to go on; null: that was all. */
function told(found: Awaited<ReturnType<Audit['list']>>) {
  const next = found.length < ENTRIES_AT_ONCE ? null : (found.at(-1)?.id ?? null);
  return { entries: found.map(({ id, entry }) => ({ id, ...entry })), next };
}
