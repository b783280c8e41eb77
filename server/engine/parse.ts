import type { z } from 'zod';
import { type Fault, MOST_FAULTS } from '../../shared/errors.ts';
import { boundsFault } from './bounds.ts';
import { HubError, refuse } from './hub-error.ts';

/** What is wrong with a name that is longer than this can be told from its beginning. */
const LONGEST_PATH = 200;

/** The one door for what comes from outside: a typed value, or an error that names each fault's place. */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const fault = boundsFault(value);
  if (fault) refuse([fault]);
  const result = tryParse(schema, value);
  if (result.success) return result.data;
  const errors = faultsOf(result.error);
  throw new HubError('invalid', errors[0]?.message ?? MALFORMED, { errors });
}

const MALFORMED = 'The request is not well formed.';

/** zod asks also what is no text how long it is, and throws where its `length` is an object that can't become a number. */
function tryParse<T extends z.ZodType>(schema: T, value: unknown): z.ZodSafeParseResult<z.infer<T>> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof TypeError) throw new HubError('invalid', MALFORMED);
    throw error;
  }
}

export function faultsOf(error: z.ZodError): Fault[] {
  // One issue may be about many fields.
  return error.issues.slice(0, MOST_FAULTS).flatMap(faultsOfIssue).slice(0, MOST_FAULTS);
}

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_FAULTS).map((key) => ({
      path: (path ? `${path}.${key}` : key).slice(0, LONGEST_PATH),
      message: `Unknown field "${key.slice(0, 60)}".`,
    }));
  }
  return [{ path: path.slice(0, LONGEST_PATH), message: issue.message }];
}
