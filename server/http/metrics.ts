import { Router } from 'express';

/** What Prometheus asks for. There is no key: it is for the network inside, and what faces the outside does not let it out. */
export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

export function metricsRouter(metrics: Exposition): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    const text = await metrics.text();
    response.set('Cache-Control', 'no-store').type(metrics.contentType).send(text);
  });
  return router;
}
