import { css, html, nothing } from 'lit';
import { cornerStyles } from './corner-buttons.ts';
import { NudgeElement } from './nudge-element.ts';
import { base, theme } from './theme.ts';

const SEEN_AFTER_MS = 1_000;
const SEEN_SHARE = 0.5;

/**
 * What fills a place that the shop has marked, in the shop's own type: a line, or badges beside one another. Only a line has
 * room for what else may be said to it; badges and words in a button of the shop's are the shop's own.
 *
 * @fires seen - it was in view for a second
 */
export class InlineNote extends NudgeElement {
  static override styles = [
    theme,
    base,
    cornerStyles,
    css`
      :host {
        display: block;
        font: inherit;
        color: inherit;
      }
      :host([look='text']) {
        display: inline;
      }
      .note {
        position: relative;
        padding: 10px 14px;
        border-inline-start: 3px solid var(--bell-accent);
        border-radius: calc(var(--bell-radius) / 3);
        background: var(--bell-tint);
        color: var(--bell-text);
        line-height: 1.45;
        word-break: keep-all;
        overflow-wrap: anywhere;
      }
      p {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 8px;
        align-items: baseline;
        margin: 0;
        padding-inline-end: 34px;
      }
      /* What is set off in it has to be seen on a ground that is tinted itself. */
      .corner,
      cartbell-more {
        --bell-tint: var(--bell-surface);
      }
      /* In the middle of the first line, whatever the size of the shop's type. */
      .corner {
        inset-block-start: calc(0.725em - 8px);
        inset-inline-end: 6px;
      }
      cartbell-more {
        margin-block-start: 10px;
        font: inherit;
        font-size: 0.875em;
      }
      .title {
        font-weight: 600;
      }
      .body {
        color: var(--bell-muted);
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 6px 12px;
        border: 1px solid var(--bell-line);
        border-radius: 999px;
        background: var(--bell-surface);
        color: var(--bell-text);
        font-size: 0.875em;
        line-height: 1.4;
      }
      a {
        display: inline-block;
        min-height: 24px;
        color: var(--bell-link);
        font-weight: 600;
        text-underline-offset: 2px;
      }
    `,
  ];

  #observer: IntersectionObserver | null = null;
  #seen: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver(
      (entries) => this.#look(entries.some(({ isIntersecting }) => isIntersecting)),
      { threshold: SEEN_SHARE },
    );
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    clearTimeout(this.#seen);
  }

  override willUpdate(): void {
    this.setAttribute('look', this.nudge.look ?? 'note');
  }

  override render() {
    const { title, body, cta, look } = this.nudge;
    // In the shop's own button or line, as its words.
    if (look === 'text') return html`${title}`;
    if (look === 'badges')
      return html`<ul part="badges">
        ${title.split('|').map((badge) => html`<li part="badge">${badge.trim()}</li>`)}
      </ul>`;
    return html`<div class="note" part="note">
      <p>
        <span class="title" part="title">${title}</span>
        ${body ? html`<span class="body" part="body">${body}</span>` : nothing}
        ${cta ? html`<a part="cta" href=${cta.href} @click=${() => this.tell('clicked')}>${cta.label}</a>` : nothing}
      </p>
      ${this.corner(false)}
    </div>`;
  }

  #look(isInView: boolean): void {
    clearTimeout(this.#seen);
    if (isInView) this.#seen = setTimeout(() => this.dispatchEvent(new CustomEvent('seen')), SEEN_AFTER_MS);
  }
}

export function defineInlineNote(): void {
  if (!customElements.get('cartbell-inline')) customElements.define('cartbell-inline', InlineNote);
}
