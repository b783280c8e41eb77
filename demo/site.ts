import { SiteFile } from '../shared/site.ts';
import { products } from './shop/catalogue.ts';

export const SECRET_KEY = 'sk_demo_change_me';

/** The demo shop as its owner would write it down, without its rules. */
export function demoSite(port: number): SiteFile {
  return SiteFile.parse({
    id: 'demo',
    publishableKey: 'pk_demo',
    secretKey: SECRET_KEY,
    origins: [`http://localhost:${port}`, `http://127.0.0.1:${port}`],
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    locale: 'en',
    settings: {
      abandonAfter: '1m',
      limit: { times: 20, per: '1h' },
      restAfterDismissal: '1d',
      // Whoever tries the demo is to see it.
      holdoutPercent: 0,
      inspect: true,
    },
    products: products.map((product) => ({
      item_id: product.item_id,
      item_name: product.name,
      item_category: product.category,
      price: product.price,
      stock: product.stock,
      url: `/products/${product.item_id}`,
      image: `/img/${product.item_id}.svg`,
    })),
  });
}

/** Quick on purpose: nobody waits half an hour to see a demo. */
export const demoRules = [
  {
    id: 'idle-cart',
    status: 'published',
    on: 'cart_idle',
    after: '10s',
    when: { 'cart.value': { $gte: 20 } },
    nudge: {
      kind: 'countdown',
      title: { en: 'Still thinking it over?', ko: '아직 고민 중이신가요?' },
      body: {
        en: 'Take {{offer.percentOff}} % off your {{cart.value}} cart, until the clock runs out.',
        ko: '시간이 다 되기 전에 주문하시면 장바구니({{cart.value}})에서 {{offer.percentOff}}% 할인해 드려요.',
      },
      cta: { label: { en: 'Back to my cart', ko: '장바구니로 돌아가기' }, href: '/cart?code={{offer.code}}' },
    },
    offer: { percentOff: 10, validFor: '10m', budget: { count: 5000 } },
    limit: { times: 1, per: '10m' },
    priority: 80,
  },
  {
    id: 'goes-well-together',
    status: 'published',
    on: 'add_to_cart',
    nudge: {
      kind: 'recommendation',
      title: { en: 'Goes well with your cart', ko: '함께하면 좋아요' },
      validFor: '5m',
    },
    limit: { times: 5, per: '10m' },
    priority: 40,
  },
  {
    id: 'near-free-shipping',
    status: 'published',
    on: 'view_cart',
    when: { 'cart.value': { $gte: 40, $lt: 60 } },
    nudge: {
      kind: 'progress',
      title: { en: 'Free delivery is close', ko: '무료 배송까지 조금 남았어요' },
      goal: {
        value: 60,
        reached: { en: 'Your delivery is on us.', ko: '이제 배송비가 없어요.' },
      },
      validFor: '15m',
    },
    limit: { times: 1, per: '30m' },
    priority: 50,
  },
  {
    id: 'delivery-promise',
    status: 'published',
    on: 'view_cart',
    when: { 'cart.quantity': { $gte: 1 } },
    nudge: {
      kind: 'inline',
      slot: 'cart-promise',
      title: { en: 'Ordered before three, sent today.', ko: '오후 3시 전에 주문하시면 오늘 보내 드려요.' },
      body: { en: 'Returns are free for 30 days.', ko: '30일 동안 무료로 반품하실 수 있어요.' },
      validFor: '1d',
    },
    priority: 20,
  },
  {
    id: 'leaving-with-a-cart',
    status: 'published',
    on: 'exit_intent',
    when: { 'cart.quantity': { $gte: 1 } },
    nudge: {
      kind: 'toast',
      title: { en: 'Your cart will be here', ko: '장바구니는 그대로 있어요' },
      body: {
        en: 'Take your time: we keep it for you.',
        ko: '천천히 둘러보세요. 담아 두신 상품은 잘 보관할게요.',
      },
      validFor: '5m',
    },
    limit: { times: 1, per: '1h' },
    priority: 30,
  },
  {
    id: 'thank-you',
    status: 'published',
    on: 'purchase',
    nudge: {
      kind: 'toast',
      title: { en: 'Thank you!', ko: '고맙습니다!' },
      body: { en: 'Your order is on its way to our makers.', ko: '주문이 잘 접수되었어요.' },
      validFor: '5m',
    },
    limit: { times: 1, per: '10m' },
    priority: 60,
  },
];
