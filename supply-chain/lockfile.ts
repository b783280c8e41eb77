import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Ranges = z.record(z.string(), z.string()).optional();

const Locked = z.object({
  version: z.string(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  license: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  /** Only the tools need it. */
  dev: z.boolean().optional(),
  /** Not on every machine, such as a binary for another processor. */
  optional: z.boolean().optional(),
  dependencies: Ranges,
  optionalDependencies: Ranges,
  peerDependencies: Ranges,
});

const Lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), z.unknown()) });

/** A package of package-lock.json, by the place where npm puts it: one package may have several, in several versions. */
export interface LockedPackage extends z.output<typeof Locked> {
  readonly path: string;
  readonly name: string;
}

/** All that npm installs here, without this project itself. */
export function lockedPackages(root: URL): LockedPackage[] {
  const text = readFileSync(new URL('package-lock.json', root), 'utf8');
  return Object.entries(Lockfile.parse(JSON.parse(text)).packages)
    .filter(([path]) => path !== '')
    .map(([path, locked]) => Object.assign(Locked.parse(locked), { path, name: nameAt(path) }));
}

/** What stands beside the hub where it serves: all that `npm ci --omit=dev` may install, on any machine. */
export function shippedPackages(root: URL): LockedPackage[] {
  return lockedPackages(root).filter(({ dev }) => dev !== true);
}

/** Whose folder it is, or whose file. */
export function nameAt(path: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (name === undefined) throw new Error(`${path} is of no package.`);
  return name;
}
