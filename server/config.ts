import { createHash } from 'node:crypto';
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
  TRUST_PROXY: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('proxies before the hub that add to X-Forwarded-For; without them it is not believed'),
  SOCKETS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(300)
    .describe('pages that one address may have open on this hub'),
  WEBHOOKS_TO_PRIVATE: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: webhooks may go to any address, also of the network inside; for development and tests'),
  LIMITS: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off: nobody is asked to wait, however much they ask; for load tests'),
  SITE_FILE: text.optional().describe('a site as JSON: keys, origins, rules, products; imported at start'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'Use an address like https://hub.example.' })
    .optional()
    .describe('where people reach the hub; without it the address that they ask'),
  ADMIN_KEY: z
    .string()
    .regex(/^\S{32,200}$/, 'Use 32 to 200 characters, without spaces.')
    .optional()
    .describe('opens what makes sites and their first owners; without it there is no such thing'),
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
  readonly trustProxy: number;
  readonly socketsPerAddress: number;
  readonly isLimited: boolean;
  readonly webhooksToPrivate: boolean;
  readonly siteFile: string | null;
  readonly publicUrl: string | null;
  /** SHA-256 of it: the key itself is not kept. */
  readonly adminKeyHash: Uint8Array | null;
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
    trustProxy: settings.TRUST_PROXY,
    socketsPerAddress: settings.SOCKETS_PER_ADDRESS,
    isLimited: settings.LIMITS === 'on',
    webhooksToPrivate: settings.WEBHOOKS_TO_PRIVATE === '1',
    siteFile: settings.SITE_FILE ?? null,
    publicUrl: settings.PUBLIC_URL ?? null,
    adminKeyHash:
      settings.ADMIN_KEY === undefined ? null : createHash('sha256').update(settings.ADMIN_KEY).digest(),
    logLevel: settings.LOG_LEVEL,
  };
}
