import type { Route } from './route.ts';

/** What Prometheus asks for. There is no key: it is for the network inside, and what faces the outside does not let it out. */
export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

export function metricsRoutes(metrics: Exposition): Route[] {
  return [
    {
      method: 'get',
      path: '/metrics',
      needs: 'nothing',
      async handle(_request, response) {
        const text = await metrics.text();
        response.set('Cache-Control', 'no-store').type(metrics.contentType).send(text);
      },
    },
  ];
}
