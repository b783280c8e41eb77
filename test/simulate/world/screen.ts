import type { Nudge } from '../../../shared/nudge.ts';
import type { HubClock } from '../../../widget/hub-clock.ts';
import type { CartBell } from '../../../widget/components/cart-bell.ts';
import type { Cue } from './stage.ts';
import { onStage } from './stage.ts';

/** How long a nudge is in view until it counts as displayed, as the real component has it. */
const SEEN_AFTER_MS = 1_000;
const TICK_MS = 5;

export interface ScreenWatcher {
  paints(nudge: Nudge | null): void;
  displays(nudge: Nudge): void;
}

/** Stands in for `<cart-bell>`: the same face towards the page, and nothing drawn. */
export class Screen implements Pick<CartBell, 'nudge' | 'clock' | 'locale' | 'report'> {
  readonly isConnected = true;
  clock: HubClock | null = null;
  locale = 'en';
  report: CartBell['report'] = () => undefined;
  readonly #watcher: ScreenWatcher;
  readonly #isVisible: () => boolean;
  readonly #displayed = new Set<string>();
  #nudge: Nudge | null = null;
  #seen: Cue | null = null;
  #end: Cue | null = null;

  constructor(watcher: ScreenWatcher, isVisible: () => boolean) {
    this.#watcher = watcher;
    this.#isVisible = isVisible;
  }

  get nudge(): Nudge | null {
    return this.#nudge;
  }

  set nudge(nudge: Nudge | null) {
    if (nudge === this.#nudge) return;
    this.#nudge = nudge;
    this.#watcher.paints(nudge);
    this.#forget();
    this.watch();
    this.#countDown();
  }

  /** Seen is what was in view for a second on a page that is looked at. */
  watch(): void {
    this.#drop(this.#seen);
    const nudge = this.#nudge;
    if (!nudge || !this.#isVisible() || this.#displayed.has(nudge.id)) return;
    this.#seen = this.#after(SEEN_AFTER_MS, () => {
      this.#displayed.add(nudge.id);
      this.#watcher.displays(nudge);
      this.report('displayed', nudge);
    });
  }

  act(what: 'clicked' | 'dismissed'): void {
    if (this.#nudge) this.report(what, this.#nudge);
  }

  #countDown(): void {
    const nudge = this.#nudge;
    if (!nudge?.offer || !this.clock) return;
    const leftMs = Math.max(0, nudge.offer.expiresAt - this.clock.now());
    if (leftMs === 0) this.report('ended', nudge);
    else this.#end = this.#after(leftMs + TICK_MS, () => this.#countDown());
  }

  #after(ms: number, run: () => void): Cue {
    const { stage, actor } = onStage();
    return stage.after(ms, actor, run);
  }

  #forget(): void {
    this.#drop(this.#seen);
    this.#drop(this.#end);
  }

  #drop(cue: Cue | null): void {
    if (cue) cue.run = null;
  }
}
