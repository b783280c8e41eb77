import { Router } from 'express';

/** `/healthz`: the process serves. `/readyz`: it was lately seen to work; if not, why not. */
export function healthRouter(faults: () => readonly string[]): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  router.get('/readyz', (_request, response) => {
    const found = faults();
    response.status(found.length === 0 ? 200 : 503).json({ ok: found.length === 0, faults: found });
  });
  return router;
}
