/** ` Did you mean "x"?` for the nearest of `known` within two edits (three for long words), else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [best] = known
    .map((name) => ({ name, edits: editsBetween(word.slice(0, 60), name) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= (word.length > 12 ? 3 : 2) ? ` Did you mean "${best.name}"?` : '';
}

/** Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      next.push(edits);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
