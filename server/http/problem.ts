import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { ERRORS } from '../../shared/errors.ts';
import { HubError } from '../engine/hub-error.ts';

/** Answers in RFC 9457 problem details, with the code and the faults that sockets get too. */
export function sendProblem(response: Response, error: HubError): void {
  const { status, title } = ERRORS[error.code];
  if (error.retryAfterMs !== null) response.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1_000)));
  const { message, ...rest } = error.body;
  response.status(status).type('application/problem+json');
  response.send(JSON.stringify({ type: 'about:blank', title, status, detail: message, message, ...rest }));
}

export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = refusalOf(error);
    if (known.code === 'internal') logger.error({ err: error }, 'a request failed');
    sendProblem(response, known);
  };
}

/** Faults that Express and its body parsers find carry a status. */
function refusalOf(error: unknown): HubError {
  const { status, type } = (typeof error === 'object' && error !== null ? error : {}) as {
    status?: number;
    type?: string;
  };
  if (error instanceof HubError || status === undefined || status < 400 || status >= 500)
    return HubError.from(error);
  if (status === 413) return new HubError('too_large', 'The body is too large.');
  if (type === 'entity.parse.failed')
    return new HubError('invalid', 'The body is not JSON.', { errors: [{ path: '', message: 'Not JSON.' }] });
  return new HubError('invalid', 'The request is not well formed.');
}
