/** How deep conditions may nest, groups and lists of records together. */
export const MAX_DEPTH = 8;
/** Members of one `$and`, `$or`, `$nor` or `$all`. */
export const MAX_MEMBERS = 20;
const MAX_VALUES = 500;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** The members of a list operand, each of which `is` accepts; nothing for any other operand. */
export function listOf<T>(operand: unknown, is: (value: unknown) => value is T): readonly T[] {
  return Array.isArray(operand) && operand.length <= MAX_VALUES && operand.every(is) ? operand : [];
}

const LONGEST_WANTED = 80;

/** An operator and its operand as a reason shows them. */
export function wantedText(operator: string, operand: unknown): string {
  const text = `${operator} ${isString(operand) ? operand : JSON.stringify(operand)}`;
  return text.length > LONGEST_WANTED ? `${text.slice(0, LONGEST_WANTED - 1)}…` : text;
}
