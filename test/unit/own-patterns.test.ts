import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';

interface Pattern {
  readonly file: string;
  readonly regex: RegExp;
}

/** What attacks are made of: how a text begins, what is repeated in it, and what breaks the match in the end. */
const BEGINNINGS = ['', 'a', 'a:', 'a: x', '/', './', 'https://', 'https://a', 'http://localhost', '[', '1'];
const MORE_BEGINNINGS = [
  'pk_',
  'sk_',
  'Bearer ',
  'master_replid:',
  '2026-11-27T10:00:00.',
  '{{',
  'https://[1',
];
const PUMPS = ['a', 'A', '0', ' ', '\t', '\n', '/', '-', '_', '.', ':', ',', '{', '{{', '{{a', 'a-', 'a.'];
const MORE_PUMPS = ['0:', 'x y', '\\', '#', '?', '[', ']', '\r', '찻', '\0'];
const ENDS = ['!', '\n'];
/** Where a match takes exponential time the first lengths show it, before the last would take for ever. */
const LENGTHS = [23, 34, 20_000];
const MOST_MS = 50;
const LOADED_MACHINE_MS = 60_000;

const PATTERNS = ['shared', 'server', 'widget'].flatMap(patternsIn);

function patternsIn(folder: string): Pattern[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .flatMap((file) => {
      const path = `${folder}/${file}`;
      const tree = parseAst(readFileSync(root + path, 'utf8'), { lang: 'ts' });
      return regexesIn(tree).map((regex) => ({ file: path, regex }));
    });
}

/** Every literal of one, and an error for each that is made while the program runs. */
function regexesIn(tree: unknown): RegExp[] {
  if (typeof tree !== 'object' || tree === null) return [];
  if (Array.isArray(tree)) return tree.flatMap(regexesIn);
  const node = tree as Record<string, unknown>;
  const callee = node['callee'] as { name?: string } | undefined;
  if (callee?.name === 'RegExp') throw new Error('A pattern is made from a text: whose is it?');
  const literal = node['regex'] as { pattern: string; flags: string } | undefined;
  if (node['type'] === 'Literal' && literal) return [new RegExp(literal.pattern, literal.flags)];
  return Object.values(node).flatMap(regexesIn);
}

/** The attack that the pattern spends too long on, if one does. A second try is for the machine’s sake. */
function weaknessOf(regex: RegExp): string | null {
  for (const length of LENGTHS)
    for (const beginning of [...BEGINNINGS, ...MORE_BEGINNINGS])
      for (const pump of [...PUMPS, ...MORE_PUMPS])
        for (const end of ENDS) {
          const text = beginning + pump.repeat(Math.ceil(length / pump.length)) + end;
          if (msToLook(regex, text) > MOST_MS && msToLook(regex, text) > MOST_MS)
            return `${length} characters: ${JSON.stringify(beginning)}, then ${JSON.stringify(pump)} again and again`;
        }
  return null;
}

function msToLook(regex: RegExp, text: string): number {
  const from = performance.now();
  if (regex.global) text.replaceAll(regex, '');
  else regex.test(text);
  return performance.now() - from;
}

describe('patterns of our own', () => {
  it('are all found', () => {
    expect(PATTERNS.length).toBeGreaterThan(60);
    expect(new Set(PATTERNS.map(({ file }) => file.split('/')[0]))).toEqual(
      new Set(['shared', 'server', 'widget']),
    );
  });

  it.each(PATTERNS)(
    '$regex of $file is done with 20,000 characters in no time, whatever they are',
    ({ regex }) => expect(weaknessOf(regex)).toBeNull(),
    LOADED_MACHINE_MS,
  );

  it.each([/^(a+)+$/, /^(\w|\w\w)+$/, /^\s*(\w+)\s*:\s*(.*?)\s*$/s, /\s+$/])(
    'and one like %s would be found out',
    (regex) => expect(weaknessOf(regex)).toMatch(/characters/),
    LOADED_MACHINE_MS,
  );

  it('and one that is made from a text, too', () => {
    const tree = parseAst('const made = new RegExp(given);');
    expect(() => regexesIn(tree)).toThrow('whose is it?');
  });
});
