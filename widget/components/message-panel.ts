import { css, html, LitElement } from 'lit';
import type { PanelWords } from '../locales/panel-words.ts';
import type { PanelSource } from '../message-centre.ts';
import { defineMessageList } from './message-list.ts';
import { definePreferenceForm } from './preference-form.ts';
import { base } from './theme.ts';

export type PanelView = 'inbox' | 'preferences';

/**
 * Messages and preferences, above the page on the shopper's own wish: it takes the focus, and gives it back.
 *
 * @fires closed - the shopper has seen enough
 */
export class MessagePanel extends LitElement {
  static override styles = [
    base,
    css`
      .panel {
        position: fixed;
        inset: 16px auto auto;
        inset-inline-end: 16px;
        display: flex;
        flex-direction: column;
        width: min(392px, calc(100vw - 32px));
        height: fit-content;
        max-height: min(680px, calc(100dvh - 32px));
        margin: 0;
        padding: 0;
        overflow: hidden;
        border: 1px solid var(--bell-line);
        border-radius: var(--bell-radius);
        background: var(--bell-surface);
        color: var(--bell-text);
        font: 400 15px/1.5 var(--bell-font);
        box-shadow: 0 24px 64px -16px var(--bell-shadow);
        word-break: keep-all;
        overflow-wrap: anywhere;
        animation: arrive 220ms ease-out;
        z-index: 2147483001;
      }
      @keyframes arrive {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
      @media (max-width: 480px) {
        .panel {
          inset: auto 0 0;
          width: auto;
          max-width: none;
          max-height: 88dvh;
          padding-block-end: env(safe-area-inset-bottom);
          border-width: 1px 0 0;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .panel {
          animation: none;
        }
      }
      .panel:focus {
        outline: none;
      }
      header {
        display: flex;
        align-items: center;
        gap: 4px;
        padding-block: 12px 10px;
        padding-inline: 20px 10px;
        border-block-end: 1px solid var(--bell-line);
      }
      h2 {
        flex: 1;
        margin: 0;
        font-size: 17px;
        font-weight: 650;
        line-height: 1.3;
      }
      header button {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        padding: 0;
        border: 0;
        border-radius: 50%;
        background: transparent;
        color: var(--bell-muted);
      }
      header button:hover {
        background: var(--bell-tint);
        color: var(--bell-text);
      }
      svg {
        width: 20px;
        height: 20px;
      }
      .body {
        overflow-y: auto;
        overscroll-behavior: contain;
      }
    `,
  ];
  static override properties = { view: {}, source: {}, words: {}, locale: {}, stamp: {} };

  declare view: PanelView;
  declare source: PanelSource;
  declare words: PanelWords;
  declare locale: string;
  /** Changes whenever what it shows has. */
  declare stamp: number;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#onPress, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#onPress, true);
  }

  override render() {
    const { words } = this;
    const isInbox = this.view === 'inbox';
    const title = isInbox ? words.inbox : words.preferences;
    return html`<div
      class="panel"
      part="panel"
      popover="manual"
      role="dialog"
      aria-labelledby="title"
      tabindex="-1"
      lang=${this.locale}
      @keydown=${this.#onKey}
    >
      <header>
        <h2 id="title">${title}</h2>
        ${
          isInbox
            ? iconButton(words.preferences, GEAR, () => this.#turnTo('preferences'))
            : iconButton(words.back, LIST, () => this.#turnTo('inbox'))
        }
        ${iconButton(words.close, CROSS, () => this.#close())}
      </header>
      <div class="body">${isInbox ? this.#inbox(words) : this.#preferences(words)}</div>
    </div>`;
  }

  override firstUpdated(): void {
    const panel = this.#panel;
    if (panel && 'showPopover' in panel) panel.showPopover();
    panel?.focus();
  }

  get #panel(): HTMLElement | null {
    return this.renderRoot.querySelector('.panel');
  }

  #inbox(words: PanelWords) {
    defineMessageList();
    return html`<cartbell-messages
      .messages=${this.source.messages}
      .now=${this.source.now()}
      .words=${words}
      .locale=${this.locale}
    ></cartbell-messages>`;
  }

  #preferences(words: PanelWords) {
    definePreferenceForm();
    return html`<cartbell-preferences
      .preferences=${this.source.preferences}
      .source=${this.source}
      .words=${words}
      .locale=${this.locale}
    ></cartbell-preferences>`;
  }

  #turnTo(view: PanelView): void {
    this.view = view;
    this.#panel?.focus();
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('closed'));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#close();
  };

  /** Whoever turns to the page has seen enough. */
  readonly #onPress = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.#close();
  };
}

const CROSS = 'M5 5l10 10M15 5L5 15';
const LIST = 'M4 6h12M4 10h12M4 14h8';
const GEAR = 'M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4';

function iconButton(label: string, path: string, press: () => void) {
  return html`<button type="button" aria-label=${label} title=${label} @click=${press}>
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <path d=${path} />
    </svg>
  </button>`;
}

export function definePanel(): void {
  if (!customElements.get('cartbell-panel')) customElements.define('cartbell-panel', MessagePanel);
}
