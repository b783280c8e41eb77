import { Router } from 'express';
import type { Store } from '../store/store.ts';

const ANSWER_WITHIN_MS = 1_000;

/** `/healthz`: the process serves. `/readyz`: a round trip to the store came back in time. */
export function healthRouter(store: Store, isDraining: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  router.get('/readyz', async (_request, response) => {
    const ready = !isDraining() && (await answersInTime(store));
    response.status(ready ? 200 : 503).json({ ok: ready });
  });
  return router;
}

async function answersInTime(store: Store): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS);
  });
  const answers = store.ping().then(
    () => true,
    () => false,
  );
  const result = await Promise.race([answers, late]);
  clearTimeout(timer);
  return result;
}
