import { isTrigger, type Trigger } from '../../shared/trigger.ts';
import { languageOf } from './reason-words.ts';

/** What a nudge may be about, as far as its shopper need know. */
type About = 'cart' | 'checkout' | 'looked_at' | 'changed' | 'order' | 'visit' | 'account' | 'page' | 'shop';

const WORDS: Readonly<Record<About, { readonly en: string; readonly ko: string }>> = {
  cart: {
    en: 'Because there is something in your cart.',
    ko: '장바구니에 담아 두신 상품이 있어서 보여 드려요.',
  },
  checkout: { en: 'Because you have begun to check out.', ko: '주문을 진행하고 계셔서 보여 드려요.' },
  looked_at: {
    en: 'Because of what you looked at in this shop.',
    ko: '이 쇼핑몰에서 둘러보신 상품과 관련이 있어서 보여 드려요.',
  },
  changed: {
    en: 'Because the price or stock changed of something that you put in your cart or looked at.',
    ko: '장바구니에 담거나 둘러보신 상품의 가격이나 재고가 바뀌어서 보여 드려요.',
  },
  order: {
    en: 'Because of your order in this shop.',
    ko: '이 쇼핑몰에서 하신 주문과 관련이 있어서 보여 드려요.',
  },
  visit: { en: 'Because you are visiting this shop.', ko: '이 쇼핑몰을 방문해 주셔서 보여 드려요.' },
  account: { en: 'Because of how often you shop here.', ko: '이 쇼핑몰을 이용하신 기록에 따라 보여 드려요.' },
  page: {
    en: 'Because of what happened on this page.',
    ko: '이 페이지에서 일어난 일과 관련이 있어서 보여 드려요.',
  },
  shop: { en: 'The shop sends you this.', ko: '쇼핑몰에서 보내 드리는 안내예요.' },
};

const ABOUT: Readonly<Record<Trigger, About>> = {
  view_item_list: 'looked_at',
  select_item: 'looked_at',
  view_item: 'looked_at',
  add_to_wishlist: 'looked_at',
  add_to_cart: 'cart',
  remove_from_cart: 'cart',
  view_cart: 'cart',
  begin_checkout: 'checkout',
  add_shipping_info: 'checkout',
  add_payment_info: 'checkout',
  view_promotion: 'page',
  select_promotion: 'page',
  purchase: 'order',
  refund: 'order',
  page_view: 'visit',
  search: 'looked_at',
  login: 'visit',
  sign_up: 'visit',
  exit_intent: 'page',
  payment_failed: 'checkout',
  scroll: 'page',
  user_engagement: 'page',
  cart_idle: 'cart',
  checkout_stalled: 'checkout',
  cart_dwell: 'cart',
  first_visit: 'visit',
  return_visit: 'visit',
  cart_abandoned: 'cart',
  cart_recovered: 'order',
  cart_threshold: 'cart',
  repeat_view: 'looked_at',
  slow_page: 'page',
  segment_entered: 'account',
  segment_left: 'account',
  price_dropped: 'changed',
  price_raised: 'changed',
  low_stock: 'changed',
  back_in_stock: 'changed',
  schedule: 'shop',
  api: 'shop',
};

/** "Why am I seeing this?", for the shopper, in their language where it is one of the hub's. */
export function whyInWords(trigger: string, locale: string): string {
  return WORDS[isTrigger(trigger) ? ABOUT[trigger] : 'shop'][languageOf(locale)];
}
