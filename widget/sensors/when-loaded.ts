/** Uses a part that not every page needs once it is there. If it can't be loaded, the page goes without. */
export function whenLoaded<T>(part: Promise<T>, use: (part: T) => void): void {
  part.then(use).catch((error: unknown) => console.debug('Cartbell:', error));
}
