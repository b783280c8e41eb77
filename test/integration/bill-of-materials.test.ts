import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shippedPackages } from '../../supply-chain/lockfile.ts';
import { sbomOf } from '../../supply-chain/sbom.ts';
import { read, root } from '../support/deploy-files.ts';
import { startHub } from '../support/hub-process.ts';
import { tempDir } from '../support/temp-dir.ts';

/** What CycloneDX 1.5 and those who look for faults ask of a file, as far as we use it. */
const Sbom = z.object({
  $schema: z.string(),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.5'),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  version: z.literal(1),
  metadata: z.object({ component: z.object({ 'bom-ref': z.string(), purl: z.string() }) }),
  components: z.array(
    z.object({
      'bom-ref': z.string(),
      type: z.literal('library'),
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      scope: z.enum(['required', 'optional']),
      hashes: z.tuple([
        z.object({ alg: z.literal('SHA-512'), content: z.string().regex(/^[0-9a-f]{128}$/) }),
      ]),
      licenses: z.tuple([z.object({ license: z.object({ id: z.string().min(1) }) })]),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});
/** npm leaves out the licence of a package that says it in the old form. */
const NpmsSbom = z.object({
  components: z.array(Sbom.shape.components.element.omit({ licenses: true })),
  dependencies: Sbom.shape.dependencies,
});

const built = read('dist/sbom.cdx.json');
const sbom = Sbom.parse(JSON.parse(built));

describe('dist/sbom.cdx.json', () => {
  it('names all that a hub consists of, each with its version, licence and hash', () => {
    const told = sbom.components.map(({ purl, hashes: [{ content }] }) => `${purl} ${content}`);
    const shipped = shippedPackages(root).map(({ name, version, integrity = '' }) => {
      const hash = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
      return `pkg:npm/${name.replace('@', '%40')}@${version} ${hash}`;
    });
    expect(shipped.length).toBeGreaterThan(50);
    expect(new Set(told)).toEqual(new Set(shipped));
    expect(new Set(told).size).toBe(told.length);
  });

  // `npm sbom --omit=dev` leaves out what a tool needs, too, such as zod; so npm is asked for all that it knows.
  it('says the same as npm does', () => {
    const words = ['sbom', '--sbom-format=cyclonedx', '--include=dev', '--package-lock-only', '--offline'];
    const text = execFileSync('npm', words, { cwd: fileURLToPath(root), encoding: 'utf8' });
    const npms = NpmsSbom.parse(JSON.parse(text));
    const told = new Map(npms.components.map((one) => [one['bom-ref'], one]));
    for (const { licenses: _, ...one } of sbom.components) expect(told.get(one['bom-ref'])).toEqual(one);
    const parts = new Set(sbom.components.map((one) => one['bom-ref']));
    const npmsEdges = edges(npms.dependencies.filter(({ ref }) => parts.has(ref)));
    expect(edges(sbom.dependencies.filter(({ ref }) => parts.has(ref)))).toEqual(npmsEdges);
  });

  it('leads from the hub to each of its parts', () => {
    const next = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set([sbom.metadata.component['bom-ref']]);
    for (const ref of reached) for (const one of next.get(ref) ?? []) reached.add(one);
    expect(reached.size).toBe(sbom.components.length + 1);
  });

  it('is the same from each build, and tells nothing of the machine', () => {
    expect(JSON.parse(built)).toEqual(sbomOf(root));
    expect(JSON.stringify(sbomOf(root))).toBe(JSON.stringify(sbomOf(root)));
    expect(built.match(/\w+:\/\/[^"]*/g)).toEqual(['http://cyclonedx.org/schema/bom-1.5.schema.json']);
    expect(built).not.toContain(fileURLToPath(root));
    expect(built).not.toMatch(/\d{4}-\d\d-\d\dT/);
  });
});

function edges(dependencies: z.output<typeof Sbom>['dependencies']): string[] {
  return dependencies.flatMap(({ ref, dependsOn }) => dependsOn.map((one) => `${ref} ${one}`)).toSorted();
}

describe('the licences of what was bundled', () => {
  it('are served beside the widget, each with the packages that have it', async () => {
    const hub = await startHub({ DATA_DIR: await tempDir() });
    const answer = await fetch(`${hub.url}/licences.txt`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await answer.text();
    const names = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+ \(\S+\)$/gm)].map(([, name]) => name);
    // What the bundler has put in is a line or two.
    expect(names).toEqual(['@lit/reactive-element', 'lit-element', 'lit-html', 'lit', 'rolldown']);
    expect(text).toContain('Redistributions in binary form must reproduce the above copyright');
    expect(text.match(/Copyright/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('are beside the demo shop, too', () => {
    const text = read('dist/shop/licences.txt');
    for (const name of ['lit', 'react', 'react-dom', '@vue/runtime-dom'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  it('are not needed by the hub, which bundles nothing: its packages stand beside it as they came', () => {
    expect(existsSync(new URL('dist/server/main.js', root))).toBe(true);
    expect(existsSync(new URL('dist/server/licences.txt', root))).toBe(false);
  });
});
