import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { HubClock } from '../hub-clock.ts';
import type { Words } from '../locales/words.ts';
import { Announcer } from './announcer.ts';
import { define } from './define.ts';
import { NudgeCard } from './nudge-card.ts';
import type { CardAct } from './nudge-element.ts';
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
 *
 * @attr theme - `plain` or `soft` in place of the usual look, `light` or `dark` in place of what the page has
 * @csspart card - and, inside it, `title`, `body`, `cta`, `notice`, `more`, `dismiss`, `countdown`, `time`, `code`, `copy`, `strip`, `add`, `progress`, `progress-done`, `missing`
 * @csspart bar - the line along the edge
 * @csspart panel - messages and preferences
 */
export class CartBell extends LitElement {
  static override styles = [
    theme,
    css`
      /* What a page says of everything in it says nothing of this, for which nothing makes room. */
      :host {
        all: initial !important;
        position: fixed !important;
        color-scheme: inherit !important;
      }
    `,
  ];
  static override properties = {
    nudge: { state: true },
    bar: { state: true },
    locale: { state: true },
    words: { state: true },
    panel: { state: true },
    stamp: { state: true },
  };

  /** What appears above the page, and what along its edge. */
  declare nudge: Nudge | null;
  declare bar: Nudge | null;
  declare locale: string;
  /** In that language; nothing is drawn without. */
  declare words: Words | null;
  /** What the shopper has opened. */
  declare panel: (() => TemplateResult) | null;
  /** Changes with what the panel shows. */
  declare stamp: number;
  clock: HubClock | null = null;
  report: Report = () => undefined;
  #announcer: Announcer | null = null;
  readonly #deadline = new SpokenDeadline((text) => this.#announcer?.say(text));
  /** What was done once is not done again: what comes back has been spoken and seen before. */
  readonly #done = new Set<string>();
  /** The next nudge to appear does: it had the focus before the panel was opened. */
  takesFocus = false;

  constructor() {
    super();
    this.nudge = null;
    this.bar = null;
    this.locale = 'en';
    this.words = null;
    this.panel = null;
    this.stamp = 0;
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
    const { bar, nudge, panel, words } = this;
    // Who reads messages needs none beside them.
    if (panel) return panel();
    if (!words) return nothing;
    return html`${bar ? this.#barOf(bar, words) : nothing}${nudge ? this.#cardOf(nudge, words) : nothing}`;
  }

  override updated(): void {
    if (!this.nudge?.offer) this.#deadline.forget();
  }

  #barOf(nudge: Nudge, words: Words) {
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
        exportparts="bar, title, body, cta, more, dismiss"
        .nudge=${nudge}
        .words=${words}
        @act=${(event: CustomEvent<CardAct>) => this.tell(event.detail, nudge)}
      ></cartbell-bar>
    </cartbell-region>`;
  }

  #cardOf(nudge: Nudge, words: Words) {
    return html`<cartbell-region
      .nudge=${nudge}
      .places=${CARD_PLACES}
      .label=${words.region}
      .locale=${this.locale}
      @appeared=${() => this.#appeared(nudge)}
      @seen=${() => this.#saw(nudge)}
    >
      <cartbell-card
        exportparts="card, title, body, cta, notice, more, dismiss, countdown, time, code, copy, strip, add, progress, progress-done, missing"
        .nudge=${nudge}
        .words=${words}
        .clock=${this.clock}
        .locale=${this.locale}
        @act=${(event: CustomEvent<CardAct>) => this.tell(event.detail, nudge)}
      ></cartbell-card>
    </cartbell-region>`;
  }

  get #regions(): NudgeRegion[] {
    return [...this.renderRoot.querySelectorAll<NudgeRegion>('cartbell-region')];
  }

  #appeared(nudge: Nudge): void {
    if (this.#isFirst(`say ${nudge.id}`))
      this.#announcer?.say([nudge.title, nudge.body].filter(Boolean).join(' '));
    if (this.takesFocus) this.#regions.at(-1)?.focus();
    this.takesFocus = false;
    if (nudge.offer && this.clock && this.words)
      this.#deadline.speak(nudge.offer.expiresAt, this.clock, this.words);
  }

  #saw(nudge: Nudge): void {
    if (this.#isFirst(nudge.id)) this.tell('displayed', nudge);
  }

  #isFirst(what: string): boolean {
    return !this.#done.has(what) && !!this.#done.add(what);
  }

  /** What became of a nudge, wherever it stands. */
  tell(what: 'displayed' | CardAct, nudge: Nudge): void {
    this.report(what, nudge);
    if (what === 'displayed' || what === 'clicked' || what === 'dismissed') this.#tellShop(what, nudge);
    if (what === 'less') this.#announcer?.say(this.words?.lessSaid ?? '');
  }

  /** The page may listen, on the element or on any around it. */
  #tellShop(what: 'displayed' | 'clicked' | 'dismissed', { id, kind, rule }: Nudge): void {
    const detail = { nudge: id, kind, rule };
    this.dispatchEvent(new CustomEvent(`cartbell:${what}`, { bubbles: true, composed: true, detail }));
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
      this.tell('dismissed', inside.nudge);
    }
  };
}

export function defineCartBell(): void {
  define('cartbell-region', NudgeRegion);
  define('cartbell-card', NudgeCard);
  define('cart-bell', CartBell);
}
