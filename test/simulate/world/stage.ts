/** Somebody whose code runs on the stage: a page, or one life of a hub's process. */
export interface Actor {
  readonly name: string;
  /** Closed, crashed or killed: nothing of it runs any more. */
  isGone: boolean;
  /** What its `Date.now` says. */
  wallClock(): number;
  /** Its timers only look for deadlines; time does not stop for each of them. */
  readonly isWatchman: boolean;
}

export interface Cue {
  at: number;
  readonly order: number;
  readonly actor: Actor;
  run: (() => void) | null;
}

export const START = 1_795_000_000_000;
/** Time stops so often within one advance; past it everybody sleeps to its end, and wakes late. */
const MOST_STOPS = 30;

const { setImmediate } = globalThis;

let playing: { stage: Stage; actor: Actor } | null = null;

/** Whose code is running. Everything that follows from one cue runs to its end before the next one is given. */
export function onStage(): { stage: Stage; actor: Actor } {
  if (!playing) throw new Error('Nobody is on stage.');
  return playing;
}

/** Virtual time: what is to happen, when, and to whom. Nothing here waits for a real clock. */
export class Stage {
  /** True time, which no one in the world can see. */
  now = START;
  /** How much of it passed with everybody awake. */
  awakeMs = 0;
  /** When something in the store becomes due, in true time. */
  nextDeadline: () => number = () => Number.POSITIVE_INFINITY;
  /** Set once a run is over: no more cues are given. */
  isOver: () => boolean = () => false;
  #order = 0;
  /** The next one last. */
  readonly #cues: Cue[] = [];
  readonly #watch: Cue[] = [];

  after(ms: number, actor: Actor, run: () => void): Cue {
    if (actor.isWatchman) return this.idly(ms, actor, run);
    return this.at(this.now + Math.max(0, ms), actor, run);
  }

  /** Not before then, and when time stops for something else. */
  idly(ms: number, actor: Actor, run: () => void): Cue {
    const cue = { at: this.now + Math.max(0, ms), order: this.#order++, actor, run };
    this.#watch.push(cue);
    return cue;
  }

  /** For what happens between actors, such as a message on its way. */
  at(time: number, actor: Actor, run: () => void): Cue {
    const cue = { at: Math.max(time, this.now), order: this.#order++, actor, run };
    this.#insert(cue);
    return cue;
  }

  /** Lets an actor do something now, and all that follows from it at once. */
  async play(actor: Actor, run: () => void): Promise<void> {
    if (actor.isGone || this.isOver()) return;
    playing = { stage: this, actor };
    run();
    await new Promise(setImmediate);
    playing = null;
  }

  async advance(ms: number, mostStops = MOST_STOPS): Promise<void> {
    const until = this.now + ms;
    for (let stop = 0; stop < mostStops; stop++) {
      await this.#giveCues();
      if (this.isOver()) return;
      const next = Math.min(this.#cues.at(-1)?.at ?? Number.POSITIVE_INFINITY, this.#deadlineStop());
      const end = Math.max(this.now, Math.min(next, until));
      this.awakeMs += end - this.now;
      this.now = end;
      if (next > until) break;
    }
    this.now = until;
    await this.#giveCues();
  }

  /** A deadline is noticed when somebody looks at or after it. */
  #deadlineStop(): number {
    let look = Number.POSITIVE_INFINITY;
    for (const { actor, at } of this.#watch) if (actor.isWatchman && !actor.isGone) look = Math.min(look, at);
    return Math.max(this.nextDeadline(), look);
  }

  async #giveCues(): Promise<void> {
    for (;;) {
      const cue = this.#takeDue();
      if (!cue) return;
      if (cue.run) await this.play(cue.actor, cue.run);
      if (this.isOver()) return;
    }
  }

  #takeDue(): Cue | undefined {
    const next = this.#cues.at(-1);
    if (next && next.at <= this.now) return this.#cues.pop();
    const place = this.#watch.findIndex((cue) => cue.at <= this.now || cue.actor.isGone);
    return place < 0 ? undefined : this.#watch.splice(place, 1)[0];
  }

  #insert(cue: Cue): void {
    let low = 0;
    let high = this.#cues.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#cues[middle];
      if (other && (other.at > cue.at || (other.at === cue.at && other.order > cue.order))) low = middle + 1;
      else high = middle;
    }
    this.#cues.splice(low, 0, cue);
  }
}
