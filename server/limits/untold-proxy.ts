import type { IncomingMessage, Server } from 'node:http';
import type { Logger } from 'pino';

/**
 * Behind a proxy that the hub was not told of all shoppers come from one address, and share what one of them may do. Says so in
 * the log, once, when a request has been through one; anybody can make it look so.
 */
export function noteUntoldProxy(http: Server, trustProxy: number, logger: Logger): void {
  if (trustProxy > 0) return;
  const look = ({ headers }: IncomingMessage) => {
    if (headers['x-forwarded-for'] === undefined) return;
    http.off('request', look).off('upgrade', look);
    logger.warn(
      'requests come with X-Forwarded-For, which is not believed: if there is a proxy before the hub, all shoppers count as one address until TRUST_PROXY says how many proxies there are',
    );
  };
  http.prependListener('request', look).prependListener('upgrade', look);
}
