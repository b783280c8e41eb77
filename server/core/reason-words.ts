import type { Reason } from './reasons.ts';
import { wallClock } from './zoned-time.ts';

export type HeldBy = Extract<Reason, { result: 'held' }>['by'];
/** The reasons that may be held by it: some say what several have in common. */
type Held<By extends HeldBy, Any = Reason> = Any extends { by: infer Its }
  ? By extends Its
    ? Any
    : never
  : never;

interface Words<By extends HeldBy> {
  en(reason: Held<By>): string;
  ko(reason: Held<By>): string;
}

const LANGUAGES = ['en', 'ko'] as const;
type Language = (typeof LANGUAGES)[number];

/** What each reason means, for an owner who asks why something did not show. */
export const HELD_WORDS: { readonly [By in HeldBy]: Words<By> } = {
  site_paused: { en: () => 'The whole site is paused.', ko: () => '사이트 전체가 일시 중지되어 있습니다.' },
  period: {
    en: () => 'The rule’s time has not come yet, or is over.',
    ko: () => '규칙의 기간이 아직 시작되지 않았거나 끝났습니다.',
  },
  stale: {
    en: ({ ageMs, mostMs }) =>
      `The event arrived ${seconds(ageMs)} s after it happened; ${seconds(mostMs)} s are the most.`,
    ko: ({ ageMs, mostMs }) =>
      `이벤트가 ${seconds(ageMs)}초 늦게 도착했습니다. 허용은 ${seconds(mostMs)}초까지입니다.`,
  },
  late_event: {
    en: () => 'The event reports on a cart that has moved on.',
    ko: () => '이미 바뀐 장바구니에 대한 이벤트입니다.',
  },
  condition: {
    en: ({ path, wanted, actual }) => `${path} was ${shown(actual)}; the rule wants ${wanted}.`,
    ko: ({ path, wanted, actual }) => `${path} 값이 ${shown(actual)}였습니다. 규칙의 조건은 ${wanted}입니다.`,
  },
  already_live: {
    en: () => 'Its last nudge is still up.',
    ko: () => '이 규칙의 지난 알림이 아직 떠 있습니다.',
  },
  dismissed: {
    en: ({ until }) => `The shopper dismissed it; it rests until ${moment(until)}.`,
    ko: ({ until }) => `고객이 닫은 알림입니다. ${moment(until)}까지 쉽니다.`,
  },
  limit: {
    en: ({ times, per }) => `Its cap of ${times} per ${per} is reached.`,
    ko: ({ times, per }) => `규칙의 한도(${per}당 ${times}회)에 도달했습니다.`,
  },
  consent: { en: () => 'The shopper has not consented.', ko: () => '고객이 동의하지 않았습니다.' },
  do_not_disturb: {
    en: () => 'The shopper does not want to be disturbed.',
    ko: () => '고객이 방해 금지를 설정했습니다.',
  },
  snoozed: {
    en: ({ until }) => `The shopper snoozed all nudges until ${moment(until)}.`,
    ko: ({ until }) => `고객이 ${moment(until)}까지 알림을 미뤘습니다.`,
  },
  support_case: {
    en: () => 'The shop’s support has an open case with the shopper.',
    ko: () => '고객센터에서 처리 중인 문의가 있습니다.',
  },
  less_of_this: {
    en: () => 'The shopper asked for less of this.',
    ko: () => '고객이 이런 알림을 줄여 달라고 했습니다.',
  },
  kind_declined: {
    en: ({ kind }) => `The shopper does without the kind ${kind}.`,
    ko: ({ kind }) => `고객이 ${kind} 종류의 알림을 끄기로 했습니다.`,
  },
  recent_purchase: {
    en: ({ until }) => `The shopper has ordered lately; nothing is sold to them until ${moment(until)}.`,
    ko: ({ until }) => `최근에 주문한 고객입니다. ${moment(until)}까지 권하지 않습니다.`,
  },
  quiet_hours: {
    en: ({ until }) => `It is quiet on the shopper’s clock until ${moment(until)}.`,
    ko: ({ until }) => `고객의 시간대로 ${moment(until)}까지 조용한 시간입니다.`,
  },
  fewer: {
    en: ({ times, per }) => `The shopper asked for fewer nudges: ${times} per ${per} is reached.`,
    ko: ({ times, per }) => `고객이 알림을 줄여 달라고 했습니다. ${per}당 ${times}회에 도달했습니다.`,
  },
  fatigue: {
    en: ({ times, per }) => `The shopper’s fatigue budget, ${times} per ${per} now, is used up.`,
    ko: ({ times, per }) => `고객의 피로도 한도(현재 ${per}당 ${times}회)를 다 썼습니다.`,
  },
  site_limit: {
    en: ({ times, per }) => `The site’s cap of ${times} per ${per} is reached.`,
    ko: ({ times, per }) => `사이트의 한도(${per}당 ${times}회)에 도달했습니다.`,
  },
  cooldown: {
    en: ({ until }) => `The last nudge was too short a time ago; the next may come at ${moment(until)}.`,
    ko: ({ until }) => `지난 알림이 얼마 되지 않았습니다. ${moment(until)}부터 가능합니다.`,
  },
  offer_live: { en: () => 'The shopper has an unspent offer.', ko: () => '아직 쓰지 않은 혜택이 있습니다.' },
  offer_limit: {
    en: ({ times, per }) => `The shopper was given ${times} codes in ${per}, which is the most.`,
    ko: ({ times, per }) => `고객에게 ${per} 동안 쿠폰 ${times}개를 이미 드렸습니다.`,
  },
  young_cart: {
    en: ({ until }) => `The cart is too new for an offer; it may be made at ${moment(until)}.`,
    ko: ({ until }) => `장바구니가 아직 너무 새것입니다. ${moment(until)}부터 혜택이 가능합니다.`,
  },
  address_limit: {
    en: () => 'As many codes went to the shopper’s address as may in a day.',
    ko: () => '같은 주소에서 하루에 받을 수 있는 쿠폰을 모두 받았습니다.',
  },
  order_unverified: {
    en: () => 'A page tells of the order; the shop’s server has not confirmed it.',
    ko: () => '페이지가 알린 주문이며, 쇼핑몰 서버의 확인이 아직 없습니다.',
  },
  budget_spent: { en: () => 'The offer’s budget is spent.', ko: () => '혜택 예산을 모두 썼습니다.' },
  gift_unavailable: { en: () => 'The gift is not in stock.', ko: () => '사은품 재고가 없습니다.' },
  margin_floor: {
    en: ({ wanted, actual }) =>
      actual === undefined
        ? 'The cost of an item in the cart is not known, so its margin can’t be kept.'
        : `Only ${actual.toFixed(1)} % of the cart’s price would be left; ${wanted} % must be.`,
    ko: ({ wanted, actual }) =>
      actual === undefined
        ? '원가를 모르는 상품이 있어 마진을 지킬 수 없습니다.'
        : `마진이 ${actual.toFixed(1)}%만 남습니다. 최소 ${wanted}%여야 합니다.`,
  },
  nothing_to_show: { en: () => 'There was no product to show.', ko: () => '보여 줄 상품이 없었습니다.' },
  unsafe_link: {
    en: () => 'With this shopper’s values in it, its link would be none that a page may show.',
    ko: () => '이 고객의 값을 넣으면 페이지에 표시할 수 없는 링크가 됩니다.',
  },
  no_channel: {
    en: ({ channel }) => `This hub can’t send by ${channel}.`,
    ko: ({ channel }) => `이 허브는 ${channel} 채널로 보낼 수 없습니다.`,
  },
  holdout: {
    en: ({ of }) => `The shopper is held out by the ${of}, so that the effect can be told.`,
    ko: ({ of }) => `효과 측정을 위해 ${of === 'site' ? '사이트' : '규칙'}에서 제외된 고객입니다.`,
  },
  outranked: {
    en: ({ winner }) => `${winner} went before it.`,
    ko: ({ winner }) => `${winner} 규칙이 먼저였습니다.`,
  },
};

/** A reason as one sentence in the language asked for; English where there is no other. */
export function reasonInWords(reason: Reason, locale: string): string {
  const language = languageOf(locale);
  if (reason.result === 'fired') return language === 'ko' ? '표시했습니다.' : 'It fired.';
  // Each entry takes just the reasons that it is listed under.
  const words = HELD_WORDS[reason.by] as Words<HeldBy>;
  return words[language](reason);
}

export function languageOf(locale: string): Language {
  const [language] = locale.split('-');
  return LANGUAGES.find((known) => known === language) ?? 'en';
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}

/** A moment as people write it, as `2026-11-24 15:04 UTC`. */
function moment(at: number): string {
  const { year, month, day, hour, minute } = wallClock(at, 'UTC');
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} UTC`;
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : (JSON.stringify(value) ?? 'absent');
}
