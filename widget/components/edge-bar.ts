import { css, html, LitElement, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { Words } from '../locales/words.ts';
import { cornerButtons, cornerStyles } from './corner-buttons.ts';
import type { CardAct } from './nudge-card.ts';
import { base } from './theme.ts';

/** A line along the edge of the window: words, a link and a way out. */
export class EdgeBar extends LitElement {
  static override styles = [
    base,
    cornerStyles,
    css`
      :host {
        display: block;
      }
      .bar {
        position: relative;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
        justify-content: center;
        padding-block: 10px;
        padding-inline: max(16px, env(safe-area-inset-left)) 96px;
        border-block-start: 1px solid var(--bell-line);
        background: var(--bell-surface);
        color: var(--bell-text);
        font: 400 15px/1.45 var(--bell-font);
        box-shadow: 0 -8px 24px -12px var(--bell-shadow);
        word-break: keep-all;
        overflow-wrap: anywhere;
      }
      @media (max-width: 480px) {
        .bar {
          justify-content: flex-start;
        }
      }
      .title {
        font-weight: 600;
      }
      .body {
        color: var(--bell-muted);
      }
      .cta {
        padding: 6px 14px;
        border: 1px solid transparent;
        border-radius: 999px;
        background: var(--bell-accent);
        color: var(--bell-on-accent);
        font-size: 14px;
        font-weight: 600;
        text-decoration: none;
      }
      cartbell-more {
        flex-basis: 100%;
      }
      .cta:hover {
        filter: brightness(1.1);
      }
    `,
  ];
  static override properties = { nudge: {}, words: {}, isUnfolded: { state: true } };

  declare nudge: Nudge;
  declare words: Words;
  declare isUnfolded: boolean;

  constructor() {
    super();
    this.isUnfolded = false;
  }

  override render() {
    const { title, body, cta } = this.nudge;
    return html`<div class="bar" part="bar">
      <span class="title" part="title">${title}</span>
      ${body ? html`<span class="body" part="body">${body}</span>` : nothing}
      ${cta ? html`<a class="cta" part="cta" href=${cta.href} @click=${() => this.#tell('clicked')}>${cta.label}</a>` : nothing}
      ${cornerButtons({
        words: this.words,
        isUnfolded: this.isUnfolded,
        unfold: () => void this.#unfold(),
        dismiss: () => this.#tell('dismissed'),
      })}
      ${this.isUnfolded ? this.#more() : nothing}
    </div>`;
  }

  async #unfold(): Promise<void> {
    const { defineMoreMenu } = await import('./more-menu.ts');
    defineMoreMenu();
    this.isUnfolded = !this.isUnfolded;
  }

  #more() {
    return html`<cartbell-more
      .nudge=${this.nudge}
      .words=${this.words}
      @act=${(event: CustomEvent<CardAct>) => this.#tell(event.detail)}
    ></cartbell-more>`;
  }

  #tell(act: CardAct): void {
    this.dispatchEvent(new CustomEvent<CardAct>('act', { detail: act }));
  }
}

export function defineBar(): void {
  if (!customElements.get('cartbell-bar')) customElements.define('cartbell-bar', EdgeBar);
}
