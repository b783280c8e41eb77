import { css, html, LitElement, nothing } from 'lit';
import type { Message } from '../kept-messages.ts';
import type { PanelWords } from '../locales/panel-words.ts';
import { base } from './theme.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** What the shopper was shown, newest first. */
class MessageList extends LitElement {
  static override styles = [
    base,
    css`
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        position: relative;
        padding: 14px 20px;
        border-block-end: 1px solid var(--bell-line);
      }
      li:last-child {
        border: 0;
      }
      .new {
        background: var(--bell-tint);
      }
      h3 {
        margin: 0;
        font-size: 15px;
        font-weight: 600;
        line-height: 1.4;
      }
      p {
        margin: 2px 0 0;
        color: var(--bell-muted);
        font-size: 14px;
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: baseline;
        margin-block-start: 6px;
        color: var(--bell-muted);
        font-size: 13px;
      }
      .label {
        padding: 1px 8px;
        border: 1px solid var(--bell-line);
        border-radius: 999px;
      }
      .new .label {
        border-color: transparent;
        background: var(--bell-accent);
        color: var(--bell-on-accent);
        font-weight: 600;
      }
      code {
        color: var(--bell-text);
        font:
          600 13px/1.4 ui-monospace,
          monospace;
      }
      a {
        display: inline-block;
        min-height: 24px;
        color: var(--bell-link);
        font-weight: 600;
        text-underline-offset: 3px;
      }
      .empty {
        padding: 32px 24px;
        text-align: center;
      }
    `,
  ];
  static override properties = { messages: {}, now: {}, words: {}, locale: {} };

  declare messages: readonly Message[];
  declare now: number;
  declare words: PanelWords;
  declare locale: string;

  override render() {
    if (this.messages.length === 0) return html`<p class="empty">${this.words.empty}</p>`;
    return html`<ol part="messages">
      ${this.messages.map((message) => this.#message(message))}
    </ol>`;
  }

  #message({ title, body, cta, code, at, expiresAt, isRead, isOver }: Message) {
    const { words } = this;
    const isGood = !isOver && expiresAt > this.now;
    const label = isRead ? (code && !isGood ? words.over : null) : words.isNew;
    return html`<li class=${isRead ? 'read' : 'new'} part="message">
      <h3>${title}</h3>
      ${body ? html`<p>${body}</p>` : nothing}
      <div class="about">
        ${label ? html`<span class="label">${label}</span>` : nothing}
        <time datetime=${new Date(at).toISOString()}>${this.#ago(at)}</time>
        ${code && isGood ? html`<span>${words.code} <code>${code}</code></span>` : nothing}
        ${cta && (isGood || !code) ? html`<a href=${cta.href}>${cta.label}</a>` : nothing}
      </div>
    </li>`;
  }

  #ago(at: number): string {
    const ms = Math.max(0, this.now - at);
    const format = new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' });
    const known = UNITS.find(([, unitMs]) => ms >= unitMs);
    if (!known) return format.format(0, 'second');
    const [unit, unitMs] = known;
    return format.format(-Math.floor(ms / unitMs), unit);
  }
}

export function defineMessageList(): void {
  if (!customElements.get('cartbell-messages')) customElements.define('cartbell-messages', MessageList);
}
