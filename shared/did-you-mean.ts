/** ` Did you mean "x"?` for the nearest of `known` within two edits (three for long words), else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const given = word.slice(0, 60);
  let best: string | undefined;
  let most = word.length > 12 ? 3 : 2;
  for (const name of known) {
    const edits = editsBetween(given, name, most);
    if (edits > most) continue;
    best = name;
    // Of two that are as near the first is meant.
    most = edits - 1;
  }
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}

/**
 * Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps), or some number above `most`: a word
 * that nobody meant is asked about as often as there are words, so most pairs have to be given up early.
 */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  let leastBefore = 0;
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      next.push(edits);
      least = Math.min(least, edits);
    }
    // A swap reaches back two rows, for one edit.
    if (least > most && leastBefore >= most) return most + 1;
    leastBefore = least;
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
