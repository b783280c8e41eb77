import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lockedPackages } from '../../../supply-chain/lockfile.ts';
import { reviewed } from '../../../supply-chain/reviewed.ts';
import { read, root } from '../../support/deploy-files.ts';

const packages = lockedPackages(root);
const { scripts, dependencies, devDependencies } = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));
const settings = read('.npmrc').split('\n');

/** The oldest versions without the faults that `test/integration/crafted-packets.test.ts` plays. */
const FLOORS = { 'socket.io': '4.6.2', 'socket.io-parser': '4.2.7', ws: '8.21.0' };

it.each(Object.entries(FLOORS))('no copy of %s is older than %s', (name, floor) => {
  const copies = packages.filter((one) => one.name === name).map(({ version }) => version);
  expect(copies).not.toEqual([]);
  const older = copies.filter((version) => version.localeCompare(floor, 'en', { numeric: true }) < 0);
  expect(older).toEqual([]);
});

describe('what is installed', () => {
  it('is what was reviewed, byte for byte, wherever it is fetched from', () => {
    expect(packages.length).toBeGreaterThan(100);
    const loose = packages.filter(({ integrity = '' }) => !/^sha512-[\w+/]{86}==$/.test(integrity));
    expect(loose.map(({ path }) => path)).toEqual([]);
    const bound = packages.filter(({ resolved }) => resolved !== undefined);
    expect(bound.map(({ path }) => path)).toEqual([]);
    expect(settings).toContain('omit-lockfile-registry-resolved=true');
  });

  it('has been out for a week', () => {
    expect(settings).toContain('min-release-age=7');
  });

  it('runs no program of its own, and each that would like to is known to work without', () => {
    expect(settings).toContain('ignore-scripts=true');
    const wish = packages.filter(({ hasInstallScript }) => hasInstallScript === true);
    const known = reviewed(root, 'Programs that want to run when they are installed');
    expect(new Set(wish.map(({ name }) => name))).toEqual(new Set(known.map(([name]) => name)));
    for (const [name, why = ''] of known) expect(why, name).toMatch(/\w{3}/);
  });

  it('takes no script of ours along that npm would leave out with theirs', () => {
    const around = Object.keys(scripts).filter((name) => /^(pre|post)./.test(name) || name === 'prepare');
    expect(around).toEqual([]);
  });
});

describe('docs/dependencies.md says of each package that we ask for what for', () => {
  it.each([
    ['Where the hub serves', dependencies],
    ['Where the hub is built and tested', devDependencies],
  ])('%s', (heading, asked) => {
    const rows = reviewed(root, heading);
    expect(rows.map(([name = '']) => name).toSorted()).toEqual(Object.keys(asked).toSorted());
    for (const [name, why = ''] of rows) expect(why, name).toMatch(/\w{3}/);
  });

  it('in one version each', () => {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
