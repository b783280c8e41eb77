import { describe, expect, it } from 'vitest';
import { isAllowed, licenceOf, readManifest } from '../../../supply-chain/licences.ts';
import { type LockedPackage, lockedPackages, shippedPackages } from '../../../supply-chain/lockfile.ts';
import { reviewed } from '../../../supply-chain/reviewed.ts';
import { root } from '../../support/deploy-files.ts';

const packages = lockedPackages(root);
const exceptions = reviewed(root, 'Licences beside those that only ask for a notice');

const asksForMore = (one: LockedPackage) => !isAllowed(licenceOf(one, root));
const told = (one: LockedPackage) => `${one.name}: ${licenceOf(one, root) ?? 'none'}`;
/** `lightningcss-*` stands for its binaries, one for each kind of machine. */
const covers = ([pattern = '', licence]: string[], one: LockedPackage) =>
  licence === licenceOf(one, root) &&
  (pattern.endsWith('*') ? one.name.startsWith(pattern.slice(0, -1)) : one.name === pattern);

it('what goes where the hub serves asks for a notice and nothing more', () => {
  const shipped = shippedPackages(root);
  expect(shipped.length).toBeGreaterThan(50);
  expect(shipped.filter(asksForMore).map(told)).toEqual([]);
});

it('so do the tools, but for those that docs/dependencies.md names', () => {
  const unknown = packages.filter(asksForMore).filter((one) => !exceptions.some((row) => covers(row, one)));
  expect(unknown.map(told)).toEqual([]);
  const unneeded = exceptions.filter((row) => !packages.filter(asksForMore).some((one) => covers(row, one)));
  expect(unneeded).toEqual([]);
  for (const [name, , why = ''] of exceptions) expect(why, name).toMatch(/\w{3}/);
});

it('what is installed says the same of itself as the lockfile', () => {
  const installed = packages.flatMap((one) => {
    const manifest = readManifest(new URL(`${one.path}/`, root));
    return manifest ? [{ one, manifest }] : [];
  });
  expect(installed.length).toBeGreaterThan(100);
  for (const { one, manifest } of installed) {
    expect(manifest.version, one.path).toBe(one.version);
    if (one.license !== undefined) expect(manifest.licence, one.path).toBe(one.license);
  }
});

describe('a licence', () => {
  it.each(['MIT', '0BSD', '(MIT OR GPL-3.0-or-later)', 'MIT AND ISC'])('may be %s', (expression) => {
    expect(isAllowed(expression)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
    'MPL-2.0',
    'GPL-3.0-or-later',
    'AGPL-3.0-only',
    'MIT AND GPL-2.0-only',
    'MIT OR (ISC AND GPL-2.0-only)',
    'MIT AND ISC OR GPL-2.0-only',
  ])('may not be %s', (expression) => {
    expect(isAllowed(expression)).toBe(false);
  });
});
