import { css, html, LitElement, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { Words } from '../locales/words.ts';
import { base } from './theme.ts';

/** A row of products: what goes with what the shopper has, or what is in the cart. */
export class RecommendationStrip extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      ul {
        display: flex;
        gap: 10px;
        margin: 0 -4px;
        padding: 4px;
        overflow-x: auto;
        list-style: none;
        scroll-snap-type: x proximity;
        scrollbar-width: thin;
      }
      li {
        flex: 1 0 96px;
        max-width: 128px;
        scroll-snap-align: start;
      }
      a {
        display: block;
        border-radius: calc(var(--bell-radius) - 6px);
        text-decoration: none;
      }
      img {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border-radius: calc(var(--bell-radius) - 8px);
        background: var(--bell-tint);
        object-fit: cover;
      }
      .name {
        display: -webkit-box;
        margin-block-start: 8px;
        overflow: hidden;
        font-size: 13.5px;
        font-weight: 550;
        line-height: 1.35;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      .price {
        color: var(--bell-muted);
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }
      .unseen {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      a:hover .name {
        text-decoration: underline;
        text-underline-offset: 2px;
      }
    `,
  ];
  static override properties = { items: {}, words: {}, locale: {} };

  declare items: NonNullable<Nudge['items']>;
  declare words: Words;
  declare locale: string;

  override render() {
    return html`<ul part="strip">
      ${this.items.map(
        (item) =>
          html`<li>
            <a href=${item.url} @click=${this.#pick}>
              ${item.image ? html`<img src=${item.image} alt="" width="128" height="128" loading="lazy" />` : nothing}
              <span class="name">${item.item_name}</span>
              <span class="price">${this.#money(item.price, item.currency)}</span>
              ${item.was === undefined ? nothing : html`<s class="price"><span class="unseen">${this.words.was} </span>${this.#money(item.was, item.currency)}</s>`}
            </a>
          </li>`,
      )}
    </ul>`;
  }

  #money(amount: number, currency: string): string {
    return new Intl.NumberFormat(this.locale, { style: 'currency', currency }).format(amount);
  }

  #pick(): void {
    this.dispatchEvent(new CustomEvent('picked'));
  }
}
