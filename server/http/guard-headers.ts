import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** For answers that are data: no browser shows them, frames them, guesses what they are, or keeps them. */
export function guardHeaders(): RequestHandler {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
    },
    // A beacon's answer goes to the shop's page; what else may be read across origins is said by CORS, which is silent.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    headers(request, response, next);
  };
}
