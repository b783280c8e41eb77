import { css, html, LitElement, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { Words } from '../locales/words.ts';
import { shopCart } from '../shop-cart.ts';
import { base } from './theme.ts';

type Item = NonNullable<Nudge['items']>[number];

/** Only shops that say how their cart is filled need these. */
const WORDS = { en: ['Add to cart', 'Added'], ko: ['담기', '담았어요'] } as const;

/**
 * A row of products: what goes with what the shopper has, or what is in the cart.
 *
 * @fires picked - the shopper goes to a product's page
 * @fires added - the shop has put a product into its cart
 */
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
      button {
        width: 100%;
        min-height: 34px;
        margin-block-start: 6px;
        padding: 4px 8px;
        border: 1px solid var(--bell-accent);
        border-radius: 999px;
        background: transparent;
        color: var(--bell-link);
        font-size: 12.5px;
        font-weight: 600;
      }
      button[aria-disabled] {
        border-color: var(--bell-line);
        color: var(--bell-muted);
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
  static override properties = { items: {}, words: {}, locale: {}, added: { state: true } };

  declare items: NonNullable<Nudge['items']>;
  declare words: Words;
  declare locale: string;
  /** Ids of what the shop was asked for from here. */
  declare added: readonly string[];

  constructor() {
    super();
    this.added = [];
  }

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
            ${shopCart.add ? this.#addButton(item) : nothing}
          </li>`,
      )}
    </ul>`;
  }

  #addButton(item: Item) {
    const [add, added] = WORDS[this.locale.startsWith('ko') ? 'ko' : 'en'];
    const isAdded = this.added.includes(item.item_id);
    return html`<button
      part="add"
      type="button"
      aria-disabled=${isAdded ? 'true' : nothing}
      @click=${() => !isAdded && void this.#add(item)}
    >
      ${isAdded ? added : add}<span class="unseen"> ${item.item_name}</span>
    </button>`;
  }

  async #add(item: Item): Promise<void> {
    this.added = [...this.added, item.item_id];
    try {
      await shopCart.add?.(item);
      this.dispatchEvent(new CustomEvent('added'));
    } catch {
      // A size has to be chosen, perhaps, or it is sold out: its page says so.
      location.assign(item.url);
    }
  }

  #money(amount: number, currency: string): string {
    return new Intl.NumberFormat(this.locale, { style: 'currency', currency }).format(amount);
  }

  #pick(): void {
    this.dispatchEvent(new CustomEvent('picked'));
  }
}
