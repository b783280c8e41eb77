import { httpApp, type RouteParts } from '../../server/http/routes.ts';

export interface Route {
  readonly method: string;
  /** With its parameters, such as `/v1/rules/:id`. */
  readonly path: string;
}

/** Of Express's router, what tells its addresses; its types leave some of it out. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  /** A router within the router is a function that has layers of its own. */
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** All addresses of the hub, as its router has them: one that is added is fuzzed from then on. */
export function hubRoutes(): Route[] {
  // Nothing of it is asked for before a request comes.
  const nobody: object = new Proxy({}, { get: () => nobody });
  const parts = {
    widgetDir: '.',
    faults: () => [],
    shop: undefined,
    webhooks: nobody,
  } as unknown as RouteParts;
  return routesIn(httpApp(parts).router.stack as unknown as readonly Layer[]);
}

function routesIn(layers: readonly Layer[]): Route[] {
  return layers.flatMap(({ route, handle }) =>
    route
      ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path }))
      : routesIn(handle.stack ?? []),
  );
}
