import type { Fault } from '../../shared/errors.ts';

/** Conditions on an arm of a rule's experiment are the deepest that anybody means. Past it what is recursive ends in a full stack. */
const MOST_DEPTH = 50;
/** As long as a catalogue may be: the longest list that there is. */
const MOST_MEMBERS = 20_000;
const MOST_FIELDS = 1_000;

/** Where a value from outside is larger than anything that is meant. Looked at before all else, since checking what it holds takes long. */
export function boundsFault(value: unknown): Fault | null {
  return faultIn(value, 0);
}

function faultIn(value: unknown, depth: number): Fault | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MOST_DEPTH) return { path: '', message: `Nested more than ${MOST_DEPTH} deep.` };
  if (Array.isArray(value)) {
    if (value.length > MOST_MEMBERS) return { path: '', message: `A list of more than ${MOST_MEMBERS}.` };
    return firstFault(value.entries(), depth);
  }
  const fields = Object.entries(value);
  if (fields.length > MOST_FIELDS) return { path: '', message: `More than ${MOST_FIELDS} fields.` };
  return firstFault(fields, depth);
}

function firstFault(parts: Iterable<[string | number, unknown]>, depth: number): Fault | null {
  for (const [name, part] of parts) {
    const fault = faultIn(part, depth + 1);
    // The way through the levels would be as long as they are many.
    if (fault) return depth >= NAMED_LEVELS ? fault : { ...fault, path: joined(name, fault.path) };
  }
  return null;
}

const NAMED_LEVELS = 8;
const LONGEST_NAME = 60;

function joined(name: string | number, path: string): string {
  const own = String(name).slice(0, LONGEST_NAME);
  return path ? `${own}.${path}` : own;
}
