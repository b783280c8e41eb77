/** Hands a program's figures to the benchmark that started it, or shows them to whoever ran it alone. */
export function answer(figures: readonly object[]): void {
  if (process.send) process.send(figures);
  else console.table(figures);
}
