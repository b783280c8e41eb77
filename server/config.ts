import { z } from 'zod';

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
  const { PORT, HOST, DATA_DIR, SITE_FILE, LOG_LEVEL } = result.data;
  return { port: PORT, host: HOST, dataDir: DATA_DIR, siteFile: SITE_FILE ?? null, logLevel: LOG_LEVEL };
}
