import { css, html, LitElement } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { Words } from '../locales/words.ts';
import { base } from './theme.ts';

/** How far the cart has come towards something that it earns. */
export class ProgressMeter extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .track {
        height: 8px;
        overflow: hidden;
        border-radius: 999px;
        background: var(--bell-tint);
      }
      .done {
        height: 100%;
        border-radius: inherit;
        background: var(--bell-accent);
        transform: translateX(calc((var(--done) - 1) * 100%));
        transition: transform 480ms cubic-bezier(0.2, 0.8, 0.2, 1);
      }
      :host(:dir(rtl)) .done {
        transform: translateX(calc((1 - var(--done)) * 100%));
      }
      .words {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        margin-block-start: 8px;
        color: var(--bell-muted);
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }
      .missing {
        color: var(--bell-text);
        font-weight: 600;
      }
      @media (prefers-reduced-motion: reduce) {
        .done {
          transition: none;
        }
      }
      @media (forced-colors: active) {
        .track {
          border: 1px solid CanvasText;
        }
        .done {
          background: Highlight;
        }
      }
    `,
  ];
  static override properties = { progress: {}, words: {}, locale: {} };

  declare progress: NonNullable<Nudge['progress']>;
  declare words: Words;
  declare locale: string;

  override render() {
    const { value, goal, reached } = this.progress;
    const missing = Math.max(0, goal - value);
    const words = missing === 0 ? (reached ?? this.words.reached) : this.words.missing(this.#money(missing));
    return html`
      <div
        class="track"
        part="progress"
        role="progressbar"
        aria-valuemin="0"
        aria-valuemax=${goal}
        aria-valuenow=${Math.min(value, goal)}
        aria-valuetext=${words}
        aria-label=${this.words.progress}
      >
        <div class="done" part="progress-done"></div>
      </div>
      <div class="words" aria-hidden="true">
        <span class="missing" part="missing">${words}</span><span>${this.#money(goal)}</span>
      </div>
    `;
  }

  /** Not as an attribute, which a strict content security policy would refuse. */
  override updated(): void {
    const { value, goal } = this.progress;
    this.style.setProperty('--done', String(Math.min(1, value / goal)));
  }

  #money(amount: number): string {
    const { currency } = this.progress;
    return new Intl.NumberFormat(this.locale, { style: 'currency', currency }).format(amount);
  }
}
