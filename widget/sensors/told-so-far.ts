import type { SeenEvent } from '../event-queue.ts';

/** Keeps in mind what a page has told, for what is only told where the shop is silent. */
export class ToldSoFar {
  readonly #names = new Set<string>();
  hasCart = false;

  has(name: string): boolean {
    return this.#names.has(name);
  }

  note(name: string, cart: SeenEvent['cart']): void {
    this.#names.add(name);
    if (cart) this.hasCart = cart.items.length > 0;
    else if (name === 'add_to_cart') this.hasCart = true;
    else if (name === 'purchase') this.hasCart = false;
  }
}
