import { type ErrorBody, type ErrorCode, ERRORS, type Fault, MOST_FAULTS } from '../../shared/errors.ts';

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

  /** What went wrong, as it may be told outside: an error that nobody foresaw keeps its details to itself. */
  static from(error: unknown): HubError {
    if (error instanceof HubError) return error;
    return error instanceof Error && error.name === 'StoreUnavailable'
      ? new HubError('busy', 'The store can’t be written now.', { cause: error })
      : new HubError('internal', 'Something went wrong in the hub.', { cause: error });
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

/** Ends a request that has faults; one without goes on. */
export function refuse(errors: readonly Fault[]): void {
  if (errors.length > 0)
    throw new HubError('invalid', errors[0]?.message ?? 'Refused.', { errors: errors.slice(0, MOST_FAULTS) });
}
