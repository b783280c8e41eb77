import type { Route } from './route.ts';

/** `/healthz`: the process serves. `/readyz`: it was lately seen to work; if not, why not. */
export function healthRoutes(faults: () => readonly string[]): Route[] {
  return [
    { method: 'get', path: '/healthz', needs: 'nothing', handle: () => ({ ok: true }) },
    {
      method: 'get',
      path: '/readyz',
      needs: 'nothing',
      handle(_request, response) {
        const found = faults();
        response.status(found.length === 0 ? 200 : 503);
        return { ok: found.length === 0, faults: found };
      },
    },
  ];
}
