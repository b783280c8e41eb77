import { z } from 'zod';
import { SiteFile } from '../../shared/site.ts';

/** `cartbell schema`: for the `$schema` of editors. What only the hub can judge, such as conditions, is left open. */
export function printSchema(): number {
  const schema = z.toJSONSchema(SiteFile, { io: 'input', unrepresentable: 'any' });
  process.stdout.write(`${JSON.stringify({ title: 'A site of Cartbell', ...schema }, null, 2)}\n`);
  return 0;
}
