import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { z } from 'zod';
import { licenceOf } from './licences.ts';
import { type LockedPackage, shippedPackages } from './lockfile.ts';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
});
type Manifest = z.output<typeof Manifest>;

/** Writes what a hub consists of, for those who look for known faults in it. The same lockfile gives the same file. */
export function billOfMaterials(root: URL, file: string): Plugin {
  return {
    name: 'bill-of-materials',
    applyToEnvironment: ({ name }) => name === 'server',
    writeBundle() {
      writeFileSync(file, `${JSON.stringify(sbomOf(root), null, 2)}\n`);
    },
  };
}

/**
 * CycloneDX 1.5, as `npm sbom` writes it, but without what differs from one build to the next: the time, a random number, and
 * the folder's name. That one also leaves out, with `--omit=dev`, what a tool needs beside the hub.
 */
export function sbomOf(root: URL) {
  const manifest = Manifest.parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
  const packages = shippedPackages(root);
  const itself = ref(manifest);
  const content = {
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: {
        'bom-ref': itself,
        type: 'application',
        name: manifest.name,
        version: manifest.version,
        description: manifest.description,
        purl: purl(manifest),
        licenses: [{ license: { id: manifest.license } }],
      },
    },
    components: byRef(packages).map(([name, copies]) => component(name, copies, root)),
    dependencies: [
      { ref: itself, dependsOn: found(Object.keys(manifest.dependencies), '', packages) },
      ...byRef(packages).map(([name, copies]) => ({
        ref: name,
        dependsOn: [...new Set(copies.flatMap((copy) => found(needs(copy), copy.path, packages)))].toSorted(),
      })),
    ],
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
}

const ref = ({ name, version }: { name: string; version: string }) => `${name}@${version}`;
const purl = ({ name, version }: { name: string; version: string }) =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** npm may put the same package into several places. */
function byRef(packages: readonly LockedPackage[]): [ref: string, copies: readonly LockedPackage[]][] {
  const refs = [...new Set(packages.map(ref))].toSorted();
  return refs.map((name) => [name, packages.filter((one) => ref(one) === name)]);
}

function component(name: string, copies: readonly LockedPackage[], root: URL) {
  const [first] = copies;
  const licence = first && licenceOf(first, root);
  // Who reads of a part without either can neither judge nor check it.
  if (licence === undefined || first?.integrity === undefined)
    throw new Error(`${name} has no licence or no hash.`);
  return {
    'bom-ref': name,
    type: 'library',
    name: first.name,
    version: first.version,
    scope: copies.every(({ optional }) => optional === true) ? 'optional' : 'required',
    purl: purl(first),
    hashes: [{ alg: 'SHA-512', content: sha512(first.integrity) }],
    licenses: [/ (OR|AND|WITH) /.test(licence) ? { expression: licence } : { license: { id: licence } }],
  };
}

function sha512(integrity: string): string {
  return Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
}

function needs({ dependencies, optionalDependencies, peerDependencies }: LockedPackage): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** What a package gets that asks by name from where it stands: the nearest copy on the way to the root, as Node looks. */
function found(names: readonly string[], from: string, packages: readonly LockedPackage[]): string[] {
  return names
    .flatMap((name) => {
      for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
        const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
        const copy = packages.find((one) => one.path === path);
        if (copy) return [ref(copy)];
        // A peer that nobody asked for.
        if (folder === '') return [];
      }
    })
    .toSorted();
}

/** As random as what it names, in the form of version 8, which is for numbers of one's own making. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
