import express, { Router } from 'express';

/**
 * `/cartbell.js` and the parts that it loads. Parts carry a fingerprint in their name and never change; the entry is
 * asked for anew each time. Any shop may load them.
 */
export function widgetFilesRouter(dir: string): Router {
  const router = Router();
  router.use(
    express.static(dir, {
      index: false,
      setHeaders(response, path) {
        const isPart = path.includes('/cartbell/');
        response.set({
          'Access-Control-Allow-Origin': '*',
          'Cross-Origin-Resource-Policy': 'cross-origin',
          'X-Content-Type-Options': 'nosniff',
          'Cache-Control': isPart
            ? 'public, max-age=31536000, immutable'
            : 'public, max-age=0, must-revalidate',
        });
      },
    }),
  );
  return router;
}
