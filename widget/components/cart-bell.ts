import { css, html, LitElement, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { HubClock } from '../hub-clock.ts';
import { wordsFor } from '../locales/choose-words.ts';
import { Announcer } from './announcer.ts';
import { type CardAct, defineCard } from './nudge-card.ts';
import { base, theme } from './theme.ts';

const SEEN_AFTER_MS = 1_000;
const HOTKEY = 'F8';
const SPOKEN_AT_MINUTES = [10, 1];

/** What the element reports to whoever gave it a nudge. */
export type Report = (what: 'displayed' | CardAct, nudge: Nudge) => void;

/**
 * `<cart-bell>`: the place where nudges appear. Shows one at a time, above the page, without ever taking the focus.
 *
 * @fires cartbell:displayed - a nudge was in view for a second
 * @fires cartbell:clicked - the shopper followed a nudge
 * @fires cartbell:dismissed - the shopper closed a nudge
 * @csspart region - the fixed place in a corner of the window
 */
export class CartBell extends LitElement {
  static override styles = [
    theme,
    base,
    css`
      :host {
        all: initial;
        color-scheme: light;
      }
      .region {
        position: fixed;
        inset: auto;
        inset-block-end: calc(max(16px, env(safe-area-inset-bottom)) + var(--bell-edge, 0px));
        inset-inline-end: max(16px, env(safe-area-inset-right));
        width: min(392px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        margin: 0;
        padding: 0;
        overflow: visible;
        border: 0;
        background: transparent;
        z-index: 2147483000;
      }
      .region.edge {
        inset-inline: 0;
        inset-block-end: 0;
        width: auto;
        max-width: none;
      }
      .region:focus {
        outline: none;
      }
      @media (max-width: 480px) {
        .region:not(.edge) {
          inset-inline: 12px;
          inset-block-end: calc(max(12px, env(safe-area-inset-bottom)) + var(--bell-edge, 0px));
          width: auto;
        }
      }
    `,
  ];
  static override properties = { nudge: { state: true }, bar: { state: true }, locale: { state: true } };

  /** What appears above the page, and what along its edge. */
  declare nudge: Nudge | null;
  declare bar: Nudge | null;
  declare locale: string;
  clock: HubClock | null = null;
  report: Report = () => undefined;
  #announcer: Announcer | null = null;
  readonly #seen = new Map<string, ReturnType<typeof setTimeout>>();
  #spoken: ReturnType<typeof setTimeout>[] = [];
  readonly #displayed = new Set<string>();
  /** A card stands on the bar, however high that is. */
  readonly #edge = new ResizeObserver(([entry]) => {
    this.style.setProperty('--bell-edge', `${entry?.borderBoxSize[0]?.blockSize ?? 0}px`);
  });

  constructor() {
    super();
    this.nudge = null;
    this.bar = null;
    this.locale = 'en';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#announcer = new Announcer();
    document.addEventListener('keydown', this.#onKey);
    document.addEventListener('visibilitychange', this.#watch);
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#announcer?.remove();
    this.#edge.disconnect();
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('visibilitychange', this.#watch);
    this.#forgetTimers();
  }

  override render() {
    const words = wordsFor(this.locale);
    const { nudge, bar } = this;
    const card =
      nudge &&
      html`<cartbell-card
        .nudge=${nudge}
        .words=${words}
        .clock=${this.clock}
        .locale=${this.locale}
        @act=${(event: CustomEvent<CardAct>) => this.#tell(event.detail, nudge)}
      ></cartbell-card>`;
    const line =
      bar &&
      html`<cartbell-bar
        .nudge=${bar}
        .words=${words}
        @act=${(event: CustomEvent<CardAct>) => this.#tell(event.detail, bar)}
      ></cartbell-bar>`;
    return html`${card ? this.#inRegion('region', words.region, card) : nothing}${line ? this.#inRegion('region edge', words.bar, line) : nothing}`;
  }

  #inRegion(name: string, label: string, content: unknown) {
    return html`<div
      class=${name}
      part="region"
      popover="manual"
      role="region"
      tabindex="-1"
      lang=${this.locale}
      aria-label=${label}
    >
      ${content}
    </div>`;
  }

  override updated(changed: Map<string, unknown>): void {
    for (const place of ['nudge', 'bar'] as const) {
      const before = changed.get(place) as Nudge | null | undefined;
      const nudge = this[place];
      // The same nudge may say something new; it has appeared already.
      if (changed.has(place) && nudge && nudge.id !== before?.id) this.#appears(nudge);
    }
    if (changed.has('bar')) this.#standOnBar();
    this.#watch();
  }

  #appears(nudge: Nudge): void {
    this.#announcer?.say([nudge.title, nudge.body].filter(Boolean).join(' '));
    this.#speakDeadline(nudge);
    // The top layer is above everything that a shop may have raised; without it the region is merely very high.
    for (const region of this.#regions())
      if ('showPopover' in region && !region.matches(':popover-open')) region.showPopover();
  }

  #standOnBar(): void {
    this.#edge.disconnect();
    const bar = this.renderRoot.querySelector('.edge');
    if (bar) this.#edge.observe(bar);
    else this.style.removeProperty('--bell-edge');
  }

  #regions(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.region')];
  }

  /** Seen is what was in view for a second on a page that is looked at. */
  readonly #watch = (): void => {
    const isLookedAt = document.visibilityState === 'visible';
    const shown = [this.nudge, this.bar].filter((nudge) => nudge !== null);
    for (const [id, timer] of this.#seen) {
      if (isLookedAt && shown.some((nudge) => nudge.id === id)) continue;
      clearTimeout(timer);
      this.#seen.delete(id);
    }
    if (!shown.some(({ offer }) => offer)) this.#forgetWords();
    if (!isLookedAt) return;
    for (const nudge of shown) {
      if (this.#displayed.has(nudge.id) || this.#seen.has(nudge.id)) continue;
      const seen = () => {
        this.#displayed.add(nudge.id);
        this.#tell('displayed', nudge);
      };
      this.#seen.set(nudge.id, setTimeout(seen, SEEN_AFTER_MS));
    }
  };

  #tell(what: 'displayed' | CardAct, nudge: Nudge): void {
    this.report(what, nudge);
    if (what !== 'ended') tellShop(this, what, nudge);
  }

  /** The hotkey brings keyboard users here; Escape inside dismisses. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const [first] = this.#regions();
    const inside = this.shadowRoot?.activeElement?.closest('.region') ?? null;
    if (event.key === HOTKEY && first && !inside) {
      event.preventDefault();
      first.focus();
    } else if (event.key === 'Escape' && inside) {
      const nudge = inside.matches('.edge') ? this.bar : this.nudge;
      if (nudge) this.#tell('dismissed', nudge);
    }
  };

  /** A ticking clock is not read out; its last minutes are. */
  #speakDeadline({ offer }: Nudge): void {
    if (!offer || !this.clock) return;
    this.#forgetWords();
    const words = wordsFor(this.locale);
    const leftMs = offer.expiresAt - this.clock.now();
    for (const minutes of SPOKEN_AT_MINUTES) {
      const inMs = leftMs - minutes * 60_000;
      const text = minutes === 1 ? words.endsSoon : words.minutesLeft(minutes);
      if (inMs > 0 && inMs < 2 ** 31) this.#spoken.push(setTimeout(() => this.#announcer?.say(text), inMs));
    }
  }

  #forgetWords(): void {
    for (const timer of this.#spoken) clearTimeout(timer);
    this.#spoken = [];
  }

  #forgetTimers(): void {
    for (const timer of this.#seen.values()) clearTimeout(timer);
    this.#seen.clear();
    this.#forgetWords();
  }
}

/** The page may listen, on the element or on any around it. */
export function tellShop(from: HTMLElement, what: 'displayed' | 'clicked' | 'dismissed', nudge: Nudge): void {
  const { id, kind, rule } = nudge;
  const detail = { nudge: id, kind, rule };
  from.dispatchEvent(new CustomEvent(`cartbell:${what}`, { bubbles: true, composed: true, detail }));
}

export function defineCartBell(): void {
  defineCard();
  if (!customElements.get('cart-bell')) customElements.define('cart-bell', CartBell);
}
