import type { CaptureFault } from '../../core/capture-faults.ts';

/** What is found in many events together. */
export const HOUR_FAULTS = ['silent', 'no_purchases_seen'] as const;
export type HealthFault = CaptureFault | (typeof HOUR_FAULTS)[number];

type Words = (event: string) => string;

/** What each fault means for an owner, and what to do about it. */
export const FAULT_WORDS: Readonly<Record<HealthFault, { readonly en: Words; readonly ko: Words }>> = {
  no_items: {
    en: (event) =>
      `${event} comes without items, so the hub can’t tell what it is about and the cart stays as it was. Fill items with an item_id each.`,
    ko: (event) =>
      `${event} 이벤트에 items가 없어 어떤 상품인지 알 수 없고 장바구니에 반영되지 않습니다. items에 상품별 item_id를 넣어 주세요.`,
  },
  no_price: {
    en: (event) =>
      `Items of ${event} come without a price and count as 0, so conditions on values don’t hold. Give each item its price as a number.`,
    ko: (event) =>
      `${event} 이벤트의 상품에 가격이 없어 0으로 계산되며, 금액 조건이 맞지 않게 됩니다. 상품마다 price를 숫자로 넣어 주세요.`,
  },
  unknown_item: {
    en: (event) =>
      `${event} names items that are not in the catalogue, so they get no stock, no price changes and no recommendations. Use the same item_id on the pages and in the catalogue, or add the products.`,
    ko: (event) =>
      `${event} 이벤트에 카탈로그에 없는 상품이 있어 재고와 가격 변동을 알 수 없고 추천할 수도 없습니다. 페이지와 카탈로그의 item_id를 맞추거나 상품을 추가해 주세요.`,
  },
  other_currency: {
    en: (event) =>
      `${event} gives amounts in another currency than the site’s, and they are read as if they were in the site’s. Convert them, or keep a site for each currency.`,
    ko: (event) =>
      `${event} 이벤트의 통화가 사이트의 통화와 다른데, 금액은 사이트 통화로 계산됩니다. 환산해서 보내거나 통화별로 사이트를 나눠 주세요.`,
  },
  value_differs: {
    en: (event) =>
      `The value of ${event} is not the sum of its items’ price times quantity, so one of them is wrong. Look at quantities, and at prices for one piece or for all.`,
    ko: (event) =>
      `${event} 이벤트의 value가 상품의 가격과 수량을 곱한 합계와 다르므로 어느 한쪽이 잘못되었습니다. 수량과, 가격이 개당 금액인지 확인해 주세요.`,
  },
  no_transaction_id: {
    en: (event) =>
      `${event} comes without a transaction_id and is thrown away: who has bought may be reminded of the cart. Give each order its number.`,
    ko: (event) =>
      `${event} 이벤트에 transaction_id가 없어 버려지며, 이미 구매한 고객에게 알림이 갈 수 있습니다. 주문마다 주문 번호를 넣어 주세요.`,
  },
  purchase_without_cart: {
    en: () =>
      'Many who order had no cart that the hub knew of, so nobody could have been helped with it. Tell of add_to_cart and view_cart on all pages; ways to buy at once, without a cart, are no fault.',
    ko: () =>
      '장바구니 기록 없이 주문하는 고객이 많아 장바구니 단계에서 도울 수 없습니다. 모든 페이지에서 add_to_cart와 view_cart를 보내 주세요. 장바구니를 거치지 않는 바로 구매라면 문제가 아닙니다.',
  },
  silent: {
    en: (event) =>
      `${event} used to come and has stopped, though the shop is visited. Rules that wait for it are idle: look at what was changed in the shop or its tags when it stopped.`,
    ko: (event) =>
      `계속 들어오던 ${event} 이벤트가 방문이 있는데도 끊겼습니다. 이 이벤트를 기다리는 규칙이 작동하지 않으니, 끊긴 시점에 쇼핑몰이나 태그에서 바뀐 것을 확인해 주세요.`,
  },
  no_purchases_seen: {
    en: () =>
      'Shoppers begin to check out, but the hub hears of no purchase: who has bought may be reminded of the cart. Tell of purchase on the thank-you page, or by POST /v1/events from the shop’s server.',
    ko: () =>
      '결제를 시작하는 고객은 있지만 purchase 이벤트가 들어오지 않아, 이미 구매한 고객에게 알림이 갈 수 있습니다. 주문 완료 페이지에서 purchase를 보내거나 쇼핑몰 서버에서 POST /v1/events로 알려 주세요.',
  },
};
