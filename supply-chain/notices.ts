import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { readManifest } from './licences.ts';
import { nameAt } from './lockfile.ts';

/** What the bundler itself adds to a bundle, by the start of its name there. */
const ADDED: readonly [start: string, name: string][] = [
  ['\0rolldown/', 'rolldown'],
  ['\0vite/', 'vite'],
];

/** `licences.txt` beside what is built, with the licences of all that went into it: what is minified has lost its notices. */
export function noticesOfBundles(root: URL): Plugin {
  return {
    name: 'notices-of-bundles',
    // Before others take chunks apart.
    generateBundle: {
      order: 'pre',
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const folders = new Set(
          chunks.flatMap(({ moduleIds }) => moduleIds).flatMap((id) => folderOf(id, root)),
        );
        if (folders.size === 0) return;
        this.emitFile({ type: 'asset', fileName: 'licences.txt', source: notices([...folders].toSorted()) });
      },
    },
  };
}

/** The folder of the package that a module is of, if it is not ours. */
function folderOf(id: string, root: URL): string[] {
  const added = ADDED.find(([start]) => id.startsWith(start))?.[1];
  if (added !== undefined) return [new URL(`node_modules/${added}/`, root).href];
  const [path = ''] = id.replace(/^\0/, '').split('?');
  if (!path.includes('/node_modules/')) return [];
  const place = path.lastIndexOf('/node_modules/') + '/node_modules/'.length;
  return [pathToFileURL(`${path.slice(0, place)}${nameAt(path)}/`).href];
}

/** Each licence once, below the packages that have it. */
function notices(folders: readonly string[]): string {
  const owners = new Map<string, string[]>();
  for (const folder of folders) {
    const manifest = readManifest(new URL(folder));
    const text = licenceText(folder);
    owners.set(text, [
      ...(owners.get(text) ?? []),
      `${nameAt(folder)} ${manifest?.version ?? ''} (${manifest?.licence ?? ''})`,
    ]);
  }
  const parts = [...owners].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return ['The files beside this one contain these packages.\n', ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

function licenceText(folder: string): string {
  const file = readdirSync(new URL(folder)).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${nameAt(folder)} is bundled and has no licence to pass on.`);
  // Vite's tells of what its tools are made of, too, which is in no page.
  const [text = ''] = readFileSync(new URL(file, folder), 'utf8').split(
    '\n# Licenses of bundled dependencies',
  );
  return text.trim();
}
