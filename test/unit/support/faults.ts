import type { z } from 'zod';

/** What a schema finds wrong, as `path: message` with the path in dots. */
export function faultsIn(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

/** The paths of what a schema finds wrong, each once; a field that it does not know counts as one. */
export function faultyPaths(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  const paths = (error?.issues ?? []).flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [path];
    return issue.keys.map((key) => (path ? `${path}.${key}` : key));
  });
  return [...new Set(paths)];
}
