import { type ErrorBody, type ErrorCode, ERRORS, type Fault } from '../../shared/errors.ts';

/** Anything that is answered with one of the closed list of errors. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: ErrorCode;
  readonly errors: readonly Fault[];
  /** Milliseconds to wait before the same request; null where it would never succeed. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    more: { errors?: readonly Fault[]; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.errors = more.errors ?? [];
    this.retryAfterMs = ERRORS[code].retry ? (more.retryAfterMs ?? 1_000) : null;
  }

  get body(): ErrorBody {
    const [first] = this.errors;
    return {
      code: this.code,
      message: this.message,
      ...(first ? { path: first.path, errors: [...this.errors] } : {}),
    };
  }
}
