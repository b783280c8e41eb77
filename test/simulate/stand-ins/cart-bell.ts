/** Pages have the element already: a screen on which nothing is drawn. */
export function defineCartBell(): void {}

/** No shop listens. */
export function tellShop(): void {}
