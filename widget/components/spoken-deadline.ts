import type { HubClock } from '../hub-clock.ts';
import type { Words } from '../locales/words.ts';

const SPOKEN_AT_MINUTES = [10, 1];
/** A timer can't wait for longer. */
const LONGEST_MS = 2 ** 31 - 1;

/** A ticking clock is not read out; its last minutes are. */
export class SpokenDeadline {
  readonly #say: (text: string) => void;
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  speak(expiresAt: number, clock: HubClock, words: Words): void {
    this.forget();
    const leftMs = expiresAt - clock.now();
    for (const minutes of SPOKEN_AT_MINUTES) {
      const inMs = leftMs - minutes * 60_000;
      const text = minutes === 1 ? words.endsSoon : words.minutesLeft(minutes);
      if (inMs > 0 && inMs <= LONGEST_MS) this.#timers.push(setTimeout(() => this.#say(text), inMs));
    }
  }

  forget(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }
}
