/** Pages have the element already: a screen on which nothing is drawn. */
export function defineCartBell(): void {}
