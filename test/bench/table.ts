/** Plain text columns: the first one to the left, the others, being figures, to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

export function whole(figure: number): string {
  return Number.isFinite(figure) ? Math.round(figure).toLocaleString('en') : '-';
}

export function fixed(figure: number, digits: number): string {
  // What is next to nothing has no sign.
  return Number.isFinite(figure) ? figure.toFixed(digits).replace(/^-(?=0\.?0*$)/, '') : '-';
}

export function percent(part: number): string {
  return Number.isFinite(part) ? `${(part * 100).toFixed(0)} %` : '-';
}
