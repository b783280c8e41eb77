import type { CartLine } from './cart.ts';
import type { Product } from './catalogue.ts';
import { inLanguage } from './language.ts';
import { CURRENCY } from './money.ts';

type Item = {
  readonly item_id: string;
  readonly item_name: string;
  readonly item_category: string;
  readonly price: number;
  readonly quantity: number;
};

type Ecommerce = {
  readonly items: readonly Item[];
  readonly currency?: string;
  readonly value?: number;
  readonly item_list_id?: string;
  readonly item_list_name?: string;
  readonly shipping_tier?: string;
  readonly payment_type?: string;
  readonly transaction_id?: string;
  readonly shipping?: number;
  readonly coupon?: string;
};

type EcommerceEvent =
  | 'view_item_list'
  | 'select_item'
  | 'view_item'
  | 'add_to_cart'
  | 'remove_from_cart'
  | 'view_cart'
  | 'begin_checkout'
  | 'add_shipping_info'
  | 'add_payment_info'
  | 'purchase';

export type ItemList = { readonly id: string; readonly name: string };

// Looked up at every push: whoever reads the data layer may replace it or its push function.
function pushToDataLayer(entry: unknown): void {
  const host = globalThis as { dataLayer?: unknown[] };
  host.dataLayer = host.dataLayer ?? [];
  host.dataLayer.push(entry);
}

// Google's tag tells commands from plain objects by the `arguments` object itself.
function gtag(..._command: readonly unknown[]): void {
  // oxlint-disable-next-line prefer-rest-params
  pushToDataLayer(arguments);
}

export function trackPageView(): void {
  gtag('event', 'page_view', { page_location: location.href, page_title: document.title });
}

function track(event: EcommerceEvent, ecommerce: Ecommerce): void {
  pushToDataLayer({ ecommerce: null });
  pushToDataLayer({ event, ecommerce });
}

export function trackItems(
  event: EcommerceEvent,
  value: number,
  lines: readonly CartLine[],
  more: Omit<Ecommerce, 'items' | 'currency' | 'value'> = {},
): void {
  track(event, { currency: CURRENCY, value, ...more, items: lines.map(itemOfLine) });
}

export function trackList(list: ItemList, shown: readonly Product[]): void {
  track('view_item_list', {
    item_list_id: list.id,
    item_list_name: list.name,
    items: shown.map((product) => itemOfLine({ product, quantity: 1 })),
  });
}

export function trackSelection(list: ItemList, product: Product): void {
  track('select_item', {
    item_list_id: list.id,
    item_list_name: list.name,
    items: [itemOfLine({ product, quantity: 1 })],
  });
}

function itemOfLine({ product, quantity }: CartLine): Item {
  return {
    item_id: product.item_id,
    item_name: inLanguage(product.name),
    item_category: product.category,
    price: product.price,
    quantity,
  };
}
