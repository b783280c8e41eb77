import type { Chance } from './chance.ts';
import type { Actor, Stage } from './stage.ts';

/** How messages fare. */
export interface Weather {
  /** `ordered`: as over one TCP connection. `wild`: each message may overtake, be lost, or come twice. */
  readonly kind: 'ordered' | 'wild';
  readonly slowestMs: number;
}

interface Lane {
  readonly to: Actor;
  /** Nothing arrives before what was sent before it. */
  last: number;
  sent: number;
  /** After a cut only what had got so far still arrives. */
  arrives: number;
}

/** One connection between a page and a hub. */
export class Wire {
  isCut = false;
  readonly #stage: Stage;
  readonly #chance: Chance;
  readonly #weather: () => Weather;
  readonly #up: Lane;
  readonly #down: Lane;
  readonly #onCut: Record<'page' | 'hub', (() => void) | null> = { page: null, hub: null };

  constructor(stage: Stage, chance: Chance, weather: () => Weather, page: Actor, hub: Actor) {
    this.#stage = stage;
    this.#chance = chance;
    this.#weather = weather;
    const lane = (to: Actor): Lane => ({ to, last: 0, sent: 0, arrives: Number.POSITIVE_INFINITY });
    this.#up = lane(hub);
    this.#down = lane(page);
  }

  up(run: () => void): void {
    this.#send(this.#up, run, this.#weather().kind === 'wild');
  }

  down(run: () => void): void {
    this.#send(this.#down, run, this.#weather().kind === 'wild');
  }

  /** What opens a connection comes once, and in order, or not at all. */
  handshakeUp(run: () => void): void {
    this.#send(this.#up, run, false);
  }

  handshakeDown(run: () => void): void {
    this.#send(this.#down, run, false);
  }

  whenCut(side: 'page' | 'hub', run: () => void): void {
    this.#onCut[side] = run;
  }

  /** Either side learns of it after a while; some of what is under way may still arrive at the hub. */
  cut(hubLearnsAfterMs = this.#latency()): void {
    if (this.isCut) return;
    this.isCut = true;
    this.#up.arrives = this.#chance.between(0, this.#up.sent);
    this.#down.arrives = -1;
    this.#stage.at(this.#stage.now, this.#down.to, () => this.#onCut.page?.());
    this.#stage.at(this.#stage.now + hubLearnsAfterMs, this.#up.to, () => this.#onCut.hub?.());
  }

  #latency(): number {
    const most = this.#weather().slowestMs;
    return this.#chance.is(0.1) ? this.#chance.between(0, most) : this.#chance.between(0, most >> 3);
  }

  #send(lane: Lane, run: () => void, isWild: boolean): void {
    if (this.isCut || (isWild && this.#chance.is(0.05))) return;
    const copies = isWild && this.#chance.is(0.08) ? 2 : 1;
    const place = ++lane.sent;
    for (let copy = 0; copy < copies; copy++) {
      const soonest = this.#stage.now + this.#latency();
      const at = isWild ? soonest : Math.max(lane.last, soonest);
      if (!isWild) lane.last = at;
      this.#stage.at(at, lane.to, () => {
        if (place <= lane.arrives) run();
      });
    }
  }
}
