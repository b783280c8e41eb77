import type { ShopperKey } from '../../../server/store/store.ts';
import { ShopperEvent } from '../../../shared/event.ts';
import type { HubLife } from './hub-node.ts';
import type { Actor, Stage } from './stage.ts';

const ANSWER_WITHIN_MS = 6_000;
const AGAIN_AFTER_MS = 1_500;

export interface HubRoad {
  pickHub(): HubLife | undefined;
  latency(): number;
}

/** The shop's own server. It asks the hub until it is answered, always with the same ids. */
export class ShopServer implements Actor {
  readonly name = 'the shop’s server';
  readonly isWatchman = false;
  readonly isGone = false;
  readonly #stage: Stage;
  readonly #road: HubRoad;
  #count = 0;
  /** Questions that wait for an answer. */
  open = 0;

  constructor(stage: Stage, road: HubRoad) {
    this.#stage = stage;
    this.#road = road;
  }

  wallClock(): number {
    return this.#stage.now;
  }

  /** Reports an order that was paid. */
  sells(key: ShopperKey, order: string): void {
    const event = ShopperEvent.parse({
      id: `server-${String(this.#count++).padStart(8, '0')}`,
      name: 'purchase',
      at: this.#stage.now,
      params: { transaction_id: order, value: 20, items: [] },
    });
    this.#ask(
      (hub) => hub.serverEvent(key, event),
      () => undefined,
    );
  }

  redeems(
    site: ShopperKey['site'],
    code: string,
    order: string,
    told: (answer: Awaited<ReturnType<HubLife['redeem']>>) => void,
  ): void {
    this.#ask((hub) => hub.redeem(site, code, order), told);
  }

  #ask<T>(question: (hub: HubLife) => Promise<T>, told: (answer: T) => void): void {
    let isAnswered = false;
    this.open++;
    const again = () => void this.#stage.at(this.#stage.now + AGAIN_AFTER_MS, this, attempt);
    const attempt = () => {
      if (isAnswered) return;
      const hub = this.#road.pickHub();
      if (!hub) return again();
      let isPending = true;
      const hears = (run: () => void) => {
        this.#stage.at(this.#stage.now + this.#road.latency(), this, () => {
          isPending = false;
          run();
        });
      };
      const answered = (answer: T) => {
        told(answer);
        if (!isAnswered) this.open--;
        isAnswered = true;
      };
      this.#stage.at(this.#stage.now + this.#road.latency(), hub, () => {
        question(hub).then(
          (answer) => hears(() => answered(answer)),
          () => hears(again),
        );
      });
      this.#stage.at(this.#stage.now + ANSWER_WITHIN_MS, this, () => {
        if (isPending) again();
      });
    };
    attempt();
  }
}
