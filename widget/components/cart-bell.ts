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
        inset-block-end: max(16px, env(safe-area-inset-bottom));
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
      .region:focus {
        outline: none;
      }
      @media (max-width: 480px) {
        .region {
          inset-inline: 12px;
          inset-block-end: max(12px, env(safe-area-inset-bottom));
          width: auto;
        }
      }
    `,
  ];
  static override properties = { nudge: { state: true }, locale: { state: true } };

  declare nudge: Nudge | null;
  declare locale: string;
  clock: HubClock | null = null;
  report: Report = () => undefined;
  #announcer: Announcer | null = null;
  #seen: ReturnType<typeof setTimeout> | undefined;
  #spoken: ReturnType<typeof setTimeout>[] = [];
  readonly #displayed = new Set<string>();

  constructor() {
    super();
    this.nudge = null;
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
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('visibilitychange', this.#watch);
    this.#forgetTimers();
  }

  override render() {
    const words = wordsFor(this.locale);
    if (!this.nudge) return nothing;
    return html`<div
      class="region"
      part="region"
      popover="manual"
      role="region"
      tabindex="-1"
      lang=${this.locale}
      aria-label=${words.region}
    >
      <cartbell-card
        .nudge=${this.nudge}
        .words=${words}
        .clock=${this.clock}
        .locale=${this.locale}
        @act=${this.#onAct}
      ></cartbell-card>
    </div>`;
  }

  override updated(changed: Map<string, unknown>): void {
    if (!changed.has('nudge')) return;
    this.#forgetTimers();
    if (!this.nudge) return;
    // The top layer is above everything that a shop may have raised; without it the region is merely very high.
    const region = this.#region();
    if (region && 'showPopover' in region && !region.matches(':popover-open')) region.showPopover();
    this.#announcer?.say([this.nudge.title, this.nudge.body].filter(Boolean).join(' '));
    this.#speakDeadline(this.nudge);
    this.#watch();
  }

  #region(): HTMLElement | null {
    return this.renderRoot.querySelector('.region');
  }

  /** Seen is what was in view for a second on a page that is looked at. */
  readonly #watch = (): void => {
    clearTimeout(this.#seen);
    const { nudge } = this;
    if (!nudge || document.visibilityState !== 'visible' || this.#displayed.has(nudge.id)) return;
    this.#seen = setTimeout(() => {
      this.#displayed.add(nudge.id);
      this.#tell('displayed', nudge);
    }, SEEN_AFTER_MS);
  };

  #onAct(event: CustomEvent<CardAct>): void {
    if (this.nudge) this.#tell(event.detail, this.nudge);
  }

  #tell(what: 'displayed' | CardAct, nudge: Nudge): void {
    this.report(what, nudge);
    if (what === 'ended') return;
    const { id, kind, rule } = nudge;
    this.dispatchEvent(
      new CustomEvent(`cartbell:${what}`, {
        bubbles: true,
        composed: true,
        detail: { nudge: id, kind, rule },
      }),
    );
  }

  /** The hotkey brings keyboard users here and back; Escape inside dismisses. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const region = this.#region();
    if (!region || !this.nudge) return;
    const isInside = this.shadowRoot?.activeElement !== null && this.shadowRoot?.activeElement !== undefined;
    if (event.key === HOTKEY && !isInside) {
      event.preventDefault();
      region.focus();
    } else if (event.key === 'Escape' && isInside) {
      this.#tell('dismissed', this.nudge);
    }
  };

  /** A ticking clock is not read out; its last minutes are. */
  #speakDeadline({ offer }: Nudge): void {
    if (!offer || !this.clock) return;
    const words = wordsFor(this.locale);
    const leftMs = offer.expiresAt - this.clock.now();
    for (const minutes of SPOKEN_AT_MINUTES) {
      const inMs = leftMs - minutes * 60_000;
      const text = minutes === 1 ? words.endsSoon : words.minutesLeft(minutes);
      if (inMs > 0 && inMs < 2 ** 31) this.#spoken.push(setTimeout(() => this.#announcer?.say(text), inMs));
    }
  }

  #forgetTimers(): void {
    clearTimeout(this.#seen);
    for (const timer of this.#spoken) clearTimeout(timer);
    this.#spoken = [];
  }
}

export function defineCartBell(): void {
  defineCard();
  if (!customElements.get('cart-bell')) customElements.define('cart-bell', CartBell);
}
