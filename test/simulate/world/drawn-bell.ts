/** The element is there already, as a screen that draws nothing. */
export function defineCartBell(): void {}
