import { z } from 'zod';

/** Every error that leaves the hub. `retry`: whether the same request may succeed later. */
export const ERRORS = {
  invalid: { status: 400, retry: false, title: 'The request is not well formed' },
  unauthorized: { status: 401, retry: false, title: 'The key or token is missing or wrong' },
  identity_refused: { status: 401, retry: false, title: 'The shop’s word on who this is was not taken' },
  forbidden_origin: { status: 403, retry: false, title: 'This origin is not on the site’s list' },
  forbidden: { status: 403, retry: false, title: 'This takes a greater role' },
  opted_out: { status: 403, retry: false, title: 'The shopper’s browser asks to be left alone' },
  not_found: { status: 404, retry: false, title: 'Not found' },
  conflict: { status: 409, retry: false, title: 'It does not go together with what is there' },
  coupon_unknown: { status: 404, retry: false, title: 'No such code' },
  coupon_spent: { status: 409, retry: false, title: 'The code was spent by another order' },
  erased: { status: 410, retry: false, title: 'The shopper was erased' },
  coupon_expired: { status: 410, retry: false, title: 'The code is past its deadline' },
  coupon_below_minimum: { status: 422, retry: false, title: 'The order is below the code’s minimum' },
  too_large: { status: 413, retry: false, title: 'The request is too large' },
  unsupported_version: { status: 426, retry: false, title: 'This protocol version is not served' },
  internal: { status: 500, retry: true, title: 'Something went wrong in the hub' },
  rate_limited: { status: 429, retry: true, title: 'Too much at once' },
  busy: { status: 503, retry: true, title: 'The hub is busy' },
} as const;
export type ErrorCode = keyof typeof ERRORS;

const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** One place in a request that is wrong: `path` in dots, such as `events.3.params.value`. */
export const Fault = z.object({ path: z.string(), message: z.string() });
export type Fault = z.infer<typeof Fault>;

/** No more are told, nor looked for: whoever has made so many mends those first, and looking costs time. */
export const MOST_FAULTS = 20;

export const ErrorBody = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  /** The first fault's path, for whoever reads one line only. */
  path: z.string().optional(),
  errors: z.array(Fault).optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
