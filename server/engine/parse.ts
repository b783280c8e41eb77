import type { z } from 'zod';
import type { Fault } from '../../shared/errors.ts';
import { HubError } from './hub-error.ts';

const MOST_FAULTS = 20;

/** The one door for what comes from outside: a typed value, or an error that names each fault's place. */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = faultsOf(result.error);
  throw new HubError('invalid', errors[0]?.message ?? 'The request is not well formed.', { errors });
}

export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.slice(0, MOST_FAULTS).flatMap(faultsOfIssue);
}

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      message: `Unknown field "${key.slice(0, 60)}".`,
    }));
  }
  return [{ path, message: issue.message }];
}
