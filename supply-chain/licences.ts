import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { LockedPackage } from './lockfile.ts';

const OldForm = z.object({ type: z.string() });
const Manifest = z.object({
  version: z.string(),
  license: z.union([z.string(), OldForm]).optional(),
  licenses: z.array(OldForm).optional(),
});

/** Whoever passes the software on has to name its authors, and nothing more. */
export const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/** What an installed package says of itself, as an SPDX expression; some say it in a form from before there were any. */
export function readManifest(folder: URL): { version: string; licence: string | undefined } | null {
  const file = new URL('package.json', folder);
  if (!existsSync(file)) return null;
  const { version, license, licenses } = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  const licence = typeof license === 'object' ? license.type : license;
  return { version, licence: licence ?? licenses?.map(({ type }) => type).join(' OR ') };
}

/** As it says itself where it is installed, or as npm noted it where it is for other machines. */
export function licenceOf({ path, license }: LockedPackage, root: URL): string | undefined {
  return readManifest(new URL(`${path}/`, root))?.licence ?? license;
}

/** Whether we may take it: one of the licences that we may choose from, and each that we have to keep. */
export function isAllowed(expression: string | undefined): boolean {
  const plain = expression?.replace(/^\((.*)\)$/, '$1') ?? '';
  const both = / OR /.test(plain) && / AND /.test(plain);
  // Nested choices are for a person to read.
  if (plain === '' || both || /[()]/.test(plain)) return false;
  return plain.includes(' AND ')
    ? plain.split(' AND ').every((one) => ALLOWED.has(one))
    : plain.split(' OR ').some((one) => ALLOWED.has(one));
}
