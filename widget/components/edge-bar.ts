import { css, html, nothing } from 'lit';
import { cornerStyles } from './corner-buttons.ts';
import { NudgeElement } from './nudge-element.ts';
import { base } from './theme.ts';

/** A line along the edge of the window: words, a link and a way out. */
export class EdgeBar extends NudgeElement {
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
        box-shadow: 0 2px 12px -2px var(--bell-accent);
      }
    `,
  ];

  override render() {
    const { title, body, cta } = this.nudge;
    return html`<div class="bar" part="bar">
      <span class="title" part="title">${title}</span>
      ${body ? html`<span class="body" part="body">${body}</span>` : nothing}
      ${cta ? html`<a class="cta" part="cta" href=${cta.href} @click=${() => this.tell('clicked')}>${cta.label}</a>` : nothing}
      ${this.corner()}
    </div>`;
  }
}

export function defineBar(): void {
  if (!customElements.get('cartbell-bar')) customElements.define('cartbell-bar', EdgeBar);
}
