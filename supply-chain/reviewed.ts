import { readFileSync } from 'node:fs';

/** The rows of a table of docs/dependencies.md: the first cell without its code marks, and the others as they are. */
export function reviewed(root: URL, heading: string): string[][] {
  const text = readFileSync(new URL('docs/dependencies.md', root), 'utf8');
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/dependencies.md has no "${heading}".`);
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const cells = line.split('|').slice(1, -1);
      return cells.map((cell, index) => (index === 0 ? cell.replaceAll('`', '').trim() : cell.trim()));
    });
}
