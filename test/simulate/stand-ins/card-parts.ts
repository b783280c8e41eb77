/** Nothing is drawn, so there is nothing to load. */
export function loadPartsOf(): Promise<void> {
  return Promise.resolve();
}
