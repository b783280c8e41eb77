import { css, html, LitElement, nothing } from 'lit';
import { base, theme } from './theme.ts';

interface Bell {
  readonly locale: string;
  readonly label: string;
  readonly theme: string;
  readonly unread: number;
  readonly open: () => void;
}

/** More than this is not worth counting. */
const MOST_SHOWN = 9;

/** The way to the inbox, where the shop has marked a place for it. */
class BellButton extends LitElement {
  static override styles = [
    theme,
    base,
    css`
      :host {
        display: inline-block;
      }
      button {
        position: relative;
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        padding: 0;
        border: 0;
        border-radius: 50%;
        background: transparent;
        color: inherit;
      }
      button:hover {
        background: var(--bell-tint);
        color: var(--bell-text);
      }
      svg {
        width: 22px;
        height: 22px;
      }
      .unseen {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      .unread {
        position: absolute;
        inset-block-start: 2px;
        inset-inline-end: 2px;
        display: grid;
        place-items: center;
        min-width: 18px;
        height: 18px;
        padding-inline: 4px;
        border: 2px solid var(--bell-surface);
        border-radius: 999px;
        background: var(--bell-accent);
        color: var(--bell-on-accent);
        font: 700 11px/1 var(--bell-font);
      }
    `,
  ];
  static override properties = { bell: { state: true } };

  declare bell: Bell;

  override render() {
    const { locale, label, unread, open } = this.bell;
    const count = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread);
    return html`<button part="bell" type="button" aria-haspopup="dialog" lang=${locale} @click=${open}>
      <span class="unseen">${label}</span>
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.7"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d="M18 9a6 6 0 1 0-12 0c0 6-2.5 7-2.5 7h17S18 15 18 9M10 20a2.2 2.2 0 0 0 4 0" />
      </svg>
      ${unread > 0 ? html`<span class="unread" part="unread" aria-hidden="true">${count}</span>` : nothing}
    </button>`;
  }
}

/** Puts the bell into the marked place, or brings the one that is there up to date. */
export function showBell(mark: Element, bell: Bell): void {
  if (!customElements.get('cartbell-button')) customElements.define('cartbell-button', BellButton);
  const known = mark.querySelector('cartbell-button');
  const button = (known ?? document.createElement('cartbell-button')) as BellButton;
  button.bell = bell;
  button.setAttribute('theme', bell.theme);
  if (!known) mark.replaceChildren(button);
}
