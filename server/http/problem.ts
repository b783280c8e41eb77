import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { ERRORS } from '../../shared/errors.ts';
import { HubError } from '../engine/hub-error.ts';

/** Answers in RFC 9457 problem details, with the code and the faults that sockets get too. */
export function sendProblem(
  response: Response,
  error: HubError,
  status: number = ERRORS[error.code].status,
): void {
  const { title } = ERRORS[error.code];
  if (error.retryAfterMs !== null) response.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1_000)));
  const { message, ...rest } = error.body;
  response.status(status).type('application/problem+json');
  response.send(JSON.stringify({ type: 'about:blank', title, status, detail: message, message, ...rest }));
}

export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = refusalOf(error);
    if (known.code === 'internal') logger.error({ err: error }, 'a request failed');
    // What is left of a refused body is not read: the connection would be held by it until the hub loses its patience.
    if (!request.complete) response.set('Connection', 'close');
    // The closed list has no code for a body's encoding: whoever reads codes hears that the request is invalid.
    sendProblem(response, known, faultOf(error).status === 415 ? 415 : undefined);
  };
}

function refusalOf(error: unknown): HubError {
  const { status, type } = faultOf(error);
  if (status === undefined || status < 400 || status >= 500) return HubError.from(error);
  if (status === 413) return new HubError('too_large', 'The body is too large.');
  if (status === 415) return new HubError('invalid', 'Send JSON as UTF-8, and uncompressed.');
  if (type === 'entity.parse.failed')
    return new HubError('invalid', 'The body is not JSON.', { errors: [{ path: '', message: 'Not JSON.' }] });
  return new HubError('invalid', 'The request is not well formed.');
}

/** What Express and its body parsers write on the errors they throw. */
function faultOf(error: unknown): { status?: number; type?: string } {
  return typeof error === 'object' && error !== null ? error : {};
}
