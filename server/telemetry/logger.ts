import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * Every field that a line of the log may have. Anything else is left out, so that what somebody logs in passing (a
 * visitor, a command with its arguments, an event) brings no token and nothing personal into the log.
 */
export const FIELDS: ReadonlySet<string> = new Set(
  (
    'url sites node site err reason faults epoch before fault lines events ' +
    'nudge rule input event pages ms why displayed webhook message erased'
  ).split(' '),
);

/** `out`: in place of standard output. */
export function createLogger(level: string, out?: DestinationStream): Logger {
  const options = { level, formatters: { log: allowed }, serializers: { err: errorFields } };
  return out ? pino(options, out) : pino(options);
}

function allowed(line: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field of Object.keys(line)) if (FIELDS.has(field)) kept[field] = line[field];
  return kept;
}

/** Errors of clients carry what was sent, such as a command with all its arguments. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type: name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    stack,
    ...(cause === undefined ? {} : { cause: errorFields(cause) }),
  };
}
