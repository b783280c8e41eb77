import type { Preferences, PreferencesParams } from '../shared/preferences.ts';
import type { PageStorage } from './page-storage.ts';

/** For how long a shopper may put everything off, as the hub reads it and in milliseconds. */
export const SNOOZES = { '1h': 3_600_000, '1d': 86_400_000, '7d': 604_800_000 } as const;

/** What a shopper says; only what is given changes. */
export interface Said extends Pick<
  PreferencesParams,
  'doNotDisturb' | 'quietHours' | 'fewer' | 'without' | 'lessOf'
> {
  readonly snooze?: keyof typeof SNOOZES | null;
}

const NONE: Preferences = { doNotDisturb: false, snoozedUntil: null, quietHours: null };

/** How the shopper wants to be treated: as the hub said last, with what they have said since, the same on all tabs. */
export class Wishes {
  readonly #device: PageStorage;
  readonly #key: string;

  constructor(device: PageStorage, key: string) {
    this.#device = device;
    this.#key = key;
  }

  get now(): Preferences {
    try {
      return { ...NONE, ...(JSON.parse(this.#device.get(this.#key) ?? '{}') as Partial<Preferences>) };
    } catch {
      return NONE;
    }
  }

  /** The hub's word outweighs what is kept here. */
  hear(preferences: Preferences): void {
    this.#device.set(this.#key, JSON.stringify(preferences));
  }

  /** What the hub will make of it. `now`: by the hub's clock. */
  say({ snooze, lessOf, ...said }: Said, now: number): void {
    const before = this.now;
    const rules =
      lessOf === null ? [] : [...(before.lessOf ?? []), ...(lessOf === undefined ? [] : [lessOf])];
    const snoozedUntil =
      snooze === undefined ? before.snoozedUntil : snooze === null ? null : now + SNOOZES[snooze];
    this.#device.set(this.#key, JSON.stringify({ ...before, ...said, snoozedUntil, lessOf: rules }));
  }
}
