import { css, html, LitElement, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { HubClock } from '../hub-clock.ts';
import { wordsFor } from '../locales/choose-words.ts';
import { Announcer } from './announcer.ts';
import { type CardAct, NudgeCard } from './nudge-card.ts';
import { NudgeRegion } from './nudge-region.ts';
import { BAR_PLACES, CARD_PLACES } from './placing.ts';
import { SpokenDeadline } from './spoken-deadline.ts';
import { theme } from './theme.ts';

const HOTKEY = 'F8';

/** What the element reports to whoever gave it a nudge. */
export type Report = (what: 'displayed' | CardAct, nudge: Nudge) => void;

/**
 * `<cart-bell>`: the place where nudges appear, a card above the page and a bar along its edge, without ever taking the focus.
 *
 * @fires cartbell:displayed - a nudge was in view for a second
 * @fires cartbell:clicked - the shopper followed a nudge
 * @fires cartbell:dismissed - the shopper closed a nudge
 */
export class CartBell extends LitElement {
  static override styles = [
    theme,
    css`
      /* What a page says of everything in it says nothing of this, for which nothing makes room. */
      :host {
        all: initial !important;
        position: fixed !important;
        color-scheme: light !important;
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
  readonly #deadline = new SpokenDeadline((text) => this.#announcer?.say(text));
  readonly #displayed = new Set<string>();

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
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#announcer?.remove();
    document.removeEventListener('keydown', this.#onKey);
    this.#deadline.forget();
  }

  /** The bar first: a card stands on it. */
  override render() {
    const { bar, nudge } = this;
    return html`${bar ? this.#barOf(bar) : nothing}${nudge ? this.#cardOf(nudge) : nothing}`;
  }

  override updated(): void {
    if (!this.nudge?.offer) this.#deadline.forget();
  }

  #barOf(nudge: Nudge) {
    const words = wordsFor(this.locale);
    return html`<cartbell-region
      edge
      .nudge=${nudge}
      .places=${BAR_PLACES}
      .label=${words.bar}
      .locale=${this.locale}
      @appeared=${() => this.#appeared(nudge)}
      @placed=${() => this.#regions.at(-1)?.placeAgain()}
      @seen=${() => this.#saw(nudge)}
    >
      <cartbell-bar
        .nudge=${nudge}
        .words=${words}
        @act=${(event: CustomEvent<CardAct>) => this.#tell(event.detail, nudge)}
      ></cartbell-bar>
    </cartbell-region>`;
  }

  #cardOf(nudge: Nudge) {
    const words = wordsFor(this.locale);
    return html`<cartbell-region
      .nudge=${nudge}
      .places=${CARD_PLACES}
      .label=${words.region}
      .locale=${this.locale}
      @appeared=${() => this.#appeared(nudge)}
      @seen=${() => this.#saw(nudge)}
    >
      <cartbell-card
        .nudge=${nudge}
        .words=${words}
        .clock=${this.clock}
        .locale=${this.locale}
        @act=${(event: CustomEvent<CardAct>) => this.#tell(event.detail, nudge)}
      ></cartbell-card>
    </cartbell-region>`;
  }

  get #regions(): NudgeRegion[] {
    return [...this.renderRoot.querySelectorAll<NudgeRegion>('cartbell-region')];
  }

  #appeared(nudge: Nudge): void {
    this.#announcer?.say([nudge.title, nudge.body].filter(Boolean).join(' '));
    if (nudge.offer && this.clock)
      this.#deadline.speak(nudge.offer.expiresAt, this.clock, wordsFor(this.locale));
  }

  #saw(nudge: Nudge): void {
    if (this.#displayed.has(nudge.id)) return;
    this.#displayed.add(nudge.id);
    this.#tell('displayed', nudge);
  }

  #tell(what: 'displayed' | CardAct, nudge: Nudge): void {
    this.report(what, nudge);
    if (what !== 'ended') tellShop(this, what, nudge);
  }

  /** The hotkey brings keyboard users here, to the card before the bar; Escape inside dismisses. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const path = event.composedPath();
    const inside = this.#regions.find((region) => path.includes(region));
    const last = this.#regions.at(-1);
    if (event.key === HOTKEY && last?.place !== undefined && !inside) {
      event.preventDefault();
      last.focus();
    } else if (event.key === 'Escape' && inside) {
      this.#tell('dismissed', inside.nudge);
    }
  };
}

/** The page may listen, on the element or on any around it. */
export function tellShop(from: HTMLElement, what: 'displayed' | 'clicked' | 'dismissed', nudge: Nudge): void {
  const { id, kind, rule } = nudge;
  const detail = { nudge: id, kind, rule };
  from.dispatchEvent(new CustomEvent(`cartbell:${what}`, { bubbles: true, composed: true, detail }));
}

export function defineCartBell(): void {
  define('cartbell-region', NudgeRegion);
  define('cartbell-card', NudgeCard);
  define('cart-bell', CartBell);
}

/** A page may load the widget twice; the first definition stays. */
function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
