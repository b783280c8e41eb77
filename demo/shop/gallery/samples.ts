import type { Nudge } from '../../../shared/nudge.ts';
import type { Preferences } from '../../../shared/preferences.ts';
import type { Message } from '../../../widget/kept-messages.ts';

export type Lang = 'en' | 'ko';
type Text = Readonly<Record<Lang, string>>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a nudge says in the gallery, with what makes its state. */
interface Sample {
  readonly name: string;
  readonly nudge: Omit<Nudge, 'title' | 'body' | 'cta' | 'id' | 'seq' | 'rule' | 'priority' | 'expiresAt'>;
  readonly title: Text;
  readonly body?: Text;
  readonly cta?: Text;
  readonly leftMs?: number;
  readonly isPersonalised?: true;
  readonly hasItems?: true;
  readonly reached?: Text;
}

const WHY: Text = {
  en: 'Because there is something in your cart.',
  ko: '장바구니에 담아 두신 상품이 있어서 보여 드려요.',
};
const TO_CART: Text = { en: 'Go to my cart', ko: '장바구니 보기' };

function items(lang: Lang): NonNullable<Nudge['items']> {
  const names: readonly (readonly [id: string, en: string, ko: string, price: number, was?: number])[] = [
    ['teapot', 'Teapot, celadon', '청자 찻주전자', 64],
    ['bowls', 'Rice bowls, set of two, hand thrown in Icheon', '이천 수공예 밥공기 2개 세트', 38, 46],
    ['board', 'Oak board', '참나무 도마', 52],
    ['tea-towel', 'Linen tea towel', '리넨 행주', 14],
  ];
  return names.map(([item_id, en, ko, price, was]) => {
    const item = {
      item_id,
      item_name: lang === 'ko' ? ko : en,
      price,
      currency: 'EUR',
      url: `/products/${item_id}`,
      image: `/img/${item_id}.svg`,
    };
    return was === undefined ? item : Object.assign(item, { was });
  });
}

const ALL: readonly Sample[] = [
  {
    name: 'toast',
    nudge: { kind: 'toast' },
    title: { en: 'Good choice', ko: '잘 고르셨어요' },
    body: {
      en: 'It is in your cart, and the cart is kept for you as long as you like.',
      ko: '장바구니에 담아 두었어요. 원하시는 만큼 보관해 드릴게요.',
    },
    cta: TO_CART,
  },
  {
    name: 'toast, words alone',
    nudge: { kind: 'toast' },
    title: { en: 'The price of your teapot fell to €64', ko: '담아 두신 찻주전자가 64유로로 내렸어요' },
  },
  {
    name: 'toast, long words',
    nudge: { kind: 'toast' },
    title: {
      en: 'Your Donaudampfschifffahrtsgesellschaftskapitänsmütze is still waiting in your cart',
      ko: '담아 두신 이천 수공예 물레 성형 청자 찻주전자와 밥공기 세트가 아직 장바구니에 있어요',
    },
    body: {
      en: 'We keep it for you until the end of the month. If you would rather have it sent to somebody else, you can say so at the checkout, and we write a card by hand.',
      ko: '이번 달 말까지 보관해 드려요. 다른 분께 보내고 싶으시면 주문하실 때 알려 주세요. 손글씨 카드를 함께 보내 드릴게요.',
    },
    cta: { en: 'Take me back to what I had chosen', ko: '고르던 상품으로 돌아가기' },
  },
  {
    name: 'countdown',
    nudge: { kind: 'countdown' },
    leftMs: 13 * 60_000,
    title: { en: 'Still thinking it over?', ko: '아직 고민 중이신가요?' },
    body: { en: '10 % off until the clock runs out.', ko: '시간이 다 되기 전까지 10 % 할인해 드려요.' },
    cta: { en: 'Back to my cart', ko: '장바구니로 돌아가기' },
  },
  {
    name: 'countdown, last minute, personalised',
    nudge: { kind: 'countdown' },
    leftMs: 58_000,
    isPersonalised: true,
    title: { en: 'A little something for you', ko: '고객님을 위한 작은 선물' },
    cta: TO_CART,
  },
  {
    name: 'countdown, hours',
    nudge: { kind: 'countdown' },
    leftMs: 26 * HOUR_MS,
    title: { en: 'Free delivery until tomorrow', ko: '내일까지 무료 배송' },
  },
  {
    name: 'recommendation',
    nudge: { kind: 'recommendation' },
    hasItems: true,
    title: { en: 'Goes well with your cart', ko: '장바구니와 잘 어울려요' },
  },
  {
    name: 'progress',
    nudge: { kind: 'progress', progress: { value: 37, goal: 60, currency: 'EUR' } },
    title: { en: 'Free delivery from €60', ko: '60유로부터 무료 배송' },
    cta: { en: 'Find something small', ko: '함께 담을 상품 보기' },
  },
  {
    name: 'progress, reached',
    nudge: { kind: 'progress', progress: { value: 64, goal: 60, currency: 'EUR' } },
    reached: { en: 'Delivery is on us.', ko: '배송비는 저희가 낼게요.' },
    title: { en: 'Free delivery from €60', ko: '60유로부터 무료 배송' },
  },
  {
    name: 'bar',
    nudge: { kind: 'bar' },
    title: { en: 'Returns are free until January', ko: '1월까지 반품 무료' },
    body: { en: 'For every order of this week.', ko: '이번 주 모든 주문에 해당해요.' },
    cta: { en: 'How it works', ko: '자세히 보기' },
  },
  {
    name: 'inline note',
    nudge: { kind: 'inline', slot: 'note', look: 'note' },
    title: { en: 'Order within two hours:', ko: '2시간 안에 주문하시면' },
    body: { en: 'it is there on Friday.', ko: '금요일에 도착해요.' },
    cta: { en: 'How we deliver', ko: '배송 안내' },
  },
  {
    name: 'inline badges',
    nudge: { kind: 'inline', slot: 'badges', look: 'badges' },
    title: {
      en: 'Made to last | 100 days to return it | Repaired for free',
      ko: '오래 쓰는 품질 | 100일 반품 | 무료 수선',
    },
  },
  {
    name: 'inline text',
    nudge: { kind: 'inline', slot: 'text', look: 'text' },
    title: { en: 'Only 3 left in our workshop', ko: '공방에 3개 남았어요' },
  },
];

/** `now`: by the hub's clock. */
export function samples(lang: Lang, now: number): readonly (readonly [name: string, nudge: Nudge])[] {
  return ALL.map((sample, index) => [sample.name, nudgeOf(sample, index, lang, now)]);
}

function nudgeOf(sample: Sample, index: number, lang: Lang, now: number): Nudge {
  const { nudge, title, body, cta, leftMs, isPersonalised, hasItems, reached } = sample;
  const code = { code: '01BS-RV43-CRGQ-2VEM', percentOff: 10, currency: 'EUR' };
  return {
    id: `n_gallery_${index}`,
    seq: index,
    rule: 'gallery',
    priority: 50,
    ...nudge,
    title: title[lang],
    ...(body ? { body: body[lang] } : {}),
    ...(cta ? { cta: { label: cta[lang], href: '/cart' } } : {}),
    ...(leftMs === undefined
      ? {}
      : { offer: { ...code, expiresAt: now + leftMs, ...(isPersonalised ? { personalised: true } : {}) } }),
    ...(hasItems ? { items: items(lang) } : {}),
    ...(nudge.progress && reached ? { progress: { ...nudge.progress, reached: reached[lang] } } : {}),
    why: WHY[lang],
    expiresAt: now + DAY_MS,
  };
}

export function messages(lang: Lang, now: number): readonly Message[] {
  const [toast, , , countdown] = samples(lang, now).map(([, nudge]) => nudge);
  if (!toast || !countdown) return [];
  const { id, title, body, cta, expiresAt } = toast;
  const kept = { id, title, ...(body ? { body } : {}), ...(cta ? { cta } : {}), expiresAt };
  return [
    { ...countdown, code: '01BS-RV43-CRGQ-2VEM', at: now - 2 * 60_000, isRead: false },
    { ...kept, at: now - 3 * HOUR_MS, isRead: true },
    { ...countdown, code: '8M2K-QQ1T-0ZXC-VB7N', at: now - 2 * DAY_MS, isRead: true, isOver: true },
  ];
}

export const preferences: Readonly<Record<string, Preferences>> = {
  'preferences, as they begin': { doNotDisturb: false, snoozedUntil: null, quietHours: null },
  'preferences, much said': {
    doNotDisturb: false,
    snoozedUntil: Date.UTC(2099, 0, 1, 9),
    quietHours: { from: '22:00', to: '08:00' },
    fewer: true,
    without: ['bar', 'recommendation'],
    lessOf: ['one', 'two'],
  },
  'preferences, all off': { doNotDisturb: true, snoozedUntil: null, quietHours: null },
};
