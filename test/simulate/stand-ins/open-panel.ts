/** Nobody on the stage reads messages or says how they want them. */
export function openPanel(): Promise<void> {
  return Promise.resolve();
}
