import { z } from 'zod';
import { isRedisUrl } from './store/redis-url.ts';

const text = z.string().trim().min(1);

/** Every setting of the environment, with its default and what it is for. */
const Environment = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4600)
    .describe('port to listen on; 0 picks a free one'),
  HOST: text.default('127.0.0.1').describe('address to listen on'),
  DATA_DIR: text.default('./.data').describe('folder of the embedded store; one hub owns it'),
  REDIS_URL: text
    .refine(isRedisUrl, 'Use redis://host:port, or another of the forms in the README.')
    .optional()
    .describe('the store of many hubs; without it the embedded store serves one'),
  ALLOW_VOLATILE_STORE: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: a Redis will do that forgets when it restarts, or drops what it has when it is full'),
  REDIS_REPLICAS: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('replicas that must have a purchase or a spent code before it is acked; not with a cluster'),
  DRAIN_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(10_000)
    .describe('over so many milliseconds pages move to other hubs before this one ends; only with REDIS_URL'),
  SITE_FILE: text.optional().describe('a site as JSON: keys, origins, rules, products; imported at start'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('least severe level that is logged'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly redisUrl: string | null;
  readonly allowVolatileStore: boolean;
  readonly redisReplicas: number;
  readonly drainMs: number;
  readonly siteFile: string | null;
  readonly logLevel: string;
}

/** Something that the operator has to mend; its message is the one line they are shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Reads the environment; empty values count as absent. Throws a `StartError` that names each wrong key. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = Environment.safeParse(given);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StartError(`The environment is wrong. ${wrong.join('; ')}`);
  }
  const settings = result.data;
  if (settings.REDIS_REPLICAS > 0 && settings.REDIS_URL?.includes('+cluster:'))
    throw new StartError('The environment is wrong. REDIS_REPLICAS: Not with a cluster.');
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataDir: settings.DATA_DIR,
    redisUrl: settings.REDIS_URL ?? null,
    allowVolatileStore: settings.ALLOW_VOLATILE_STORE === '1',
    redisReplicas: settings.REDIS_REPLICAS,
    // A hub that is alone has no other to send its pages to.
    drainMs: settings.REDIS_URL === undefined ? 0 : settings.DRAIN_MS,
    siteFile: settings.SITE_FILE ?? null,
    logLevel: settings.LOG_LEVEL,
  };
}
