/** Types for pages that use Cartbell: copy this file to where your TypeScript finds it. */

/** An item as GA4 has it. */
export interface CartbellItem {
  item_id: string;
  item_name?: string;
  item_brand?: string;
  item_category?: string;
  item_variant?: string;
  price?: number;
  quantity?: number;
}

/** What an event says, in GA4's words; a snapshot of the whole `cart` outweighs what the event changes. */
export interface CartbellParams {
  currency?: string;
  value?: number;
  transaction_id?: string;
  items?: readonly CartbellItem[];
  cart?: { items: readonly CartbellItem[]; currency?: string };
  [param: string]: unknown;
}

export interface Cartbell {
  (command: 'event', name: string, params?: CartbellParams): void;
  /** `storage`: something may be kept on the device. `marketing`: the shopper may be sold to. What is not said stays. */
  /** `storage`: on the device. The others are told to the hub with what proves them: `text`, which text was shown; `how`, by what it was answered. */
  (
    command: 'consent',
    given: {
      [purpose in 'storage' | 'analytics' | 'marketing' | 'push' | 'email' | 'sms']?: 'granted' | 'denied';
    } & { text?: string; how?: string },
  ): void;
  /** Who is here, by a token that the shop's server has signed; null: they have signed out. */
  (command: 'identify', token: string | null): void;
  (command: 'open', what: 'inbox' | 'preferences'): void;
  /** How the shop puts an item into its cart; a promise that fails leads the shopper to the item's page. */
  (command: 'onAdd', add: (item: { item_id: string; item_name: string; url: string }) => unknown): void;
}

/** Which nudge it was. */
export interface CartbellDetail {
  nudge: string;
  kind: 'toast' | 'countdown' | 'recommendation' | 'progress' | 'inline' | 'bar';
  rule: string;
}

export interface CartbellAttributes {
  /** The site's publishable key. */
  site: string;
  /** Where the hub is, if not where the script came from. */
  hub?: string;
  /** `plain` or `soft`, and `light` or `dark`. */
  theme?: string;
  /** Nothing is kept on the device before the shopper has allowed it. */
  consent?: 'required';
}

declare global {
  interface Window {
    cartbell?: Cartbell;
  }
  interface HTMLElementEventMap {
    'cartbell:displayed': CustomEvent<CartbellDetail>;
    'cartbell:clicked': CustomEvent<CartbellDetail>;
    'cartbell:dismissed': CustomEvent<CartbellDetail>;
  }
  interface HTMLElementTagNameMap {
    'cart-bell': HTMLElement;
  }
}
