import { css, html, LitElement, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { Words } from '../locales/words.ts';
import type { CardAct } from './nudge-element.ts';
import { base } from './theme.ts';

/** What a shopper can say to a nudge, and why they see it. Unfolds inside the nudge itself. */
class MoreMenu extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin-block-start: 14px;
        padding-block-start: 12px;
        border-block-start: 1px solid var(--bell-line);
        color: var(--bell-muted);
        font: 400 14px/1.45 var(--bell-font);
      }
      p {
        margin: 0 0 10px;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      button {
        min-height: 36px;
        padding: 6px 12px;
        border: 1px solid var(--bell-line);
        border-radius: 999px;
        background: transparent;
        color: var(--bell-text);
        font-size: 13.5px;
        line-height: 1.3;
      }
      button:hover {
        background: var(--bell-tint);
      }
      button[aria-pressed='true'] {
        border-color: var(--bell-accent);
        background: var(--bell-tint);
        font-weight: 600;
      }
      @media (forced-colors: active) {
        button[aria-pressed='true'] {
          outline: 2px solid Highlight;
        }
      }
      .ways {
        margin-block-start: 6px;
      }
      .ways button {
        border-color: transparent;
        padding-inline: 8px;
        color: var(--bell-muted);
        text-decoration: underline;
        text-underline-offset: 3px;
      }
    `,
  ];
  static override properties = { nudge: {}, words: {}, rating: { state: true } };

  declare nudge: Nudge;
  declare words: Words;
  declare rating: 'useful' | 'not_useful' | null;

  constructor() {
    super();
    this.rating = null;
  }

  override render() {
    const { words, nudge } = this;
    return html`${nudge.why ? html`<p part="why">${nudge.why}</p>` : nothing}
      <div role="group" aria-label=${words.more}>
        ${this.#rate('useful', words.useful)}${this.#rate('not_useful', words.notUseful)}
        <button part="less" type="button" @click=${() => this.#tell('less')}>${words.less}</button>
      </div>
      <div class="ways">
        <button type="button" @click=${() => this.#tell('preferences')}>${words.preferences}</button>
        <button type="button" @click=${() => this.#tell('inbox')}>${words.inbox}</button>
      </div>`;
  }

  #rate(rating: 'useful' | 'not_useful', label: string) {
    const choose = () => {
      if (this.rating === rating) return;
      this.rating = rating;
      this.#tell(rating);
    };
    return html`<button
      part="rate"
      type="button"
      aria-pressed=${this.rating === rating ? 'true' : 'false'}
      @click=${choose}
    >
      ${label}
    </button>`;
  }

  #tell(act: CardAct): void {
    this.dispatchEvent(new CustomEvent<CardAct>('act', { detail: act }));
  }
}

export function defineMoreMenu(): void {
  if (!customElements.get('cartbell-more')) customElements.define('cartbell-more', MoreMenu);
}
