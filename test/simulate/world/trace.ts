import { SHOPS } from './shops.ts';
import { START } from './stage.ts';
import type { World } from './world.ts';

const LAST_STEPS = 20;

/** What happened last in a world, step by step. Kept only where it was asked for: words cost more than the world. */
export class Trace {
  readonly #world: World;
  readonly #isTold: boolean;
  #steps: string[][] = [];
  #happened: string[] = [];

  constructor(world: World, isTold: boolean) {
    this.#world = world;
    this.#isTold = isTold;
    if (isTold) world.observer.teller = (what) => void this.#happened.push(`        ${this.#time()} ${what}`);
  }

  get lines(): string[] {
    const { shop, ...plan } = this.#world.plan;
    const name = Object.entries(SHOPS).find(([, other]) => other === shop)?.[0] ?? 'one of its own';
    return [`the shop is ${name}; ${JSON.stringify(plan)}`, ...this.#steps.flat(), ...this.#happened];
  }

  note(step: number, what: string): void {
    if (!this.#isTold) return;
    this.#steps.push([...this.#happened, `${String(step).padStart(5)}  ${this.#time()} ${what}`]);
    this.#happened = [];
    if (this.#steps.length > LAST_STEPS) this.#steps.shift();
  }

  #time(): string {
    return `+${this.#world.stage.now - START} ms`;
  }
}
