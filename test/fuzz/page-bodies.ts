import { mug } from '../support/page.ts';
import { JsonTemplate } from './json-template.ts';

/** Stands in a template where each message has an id of its own. */
export const FRESH_ID = 'fresh-id-0';
export const FRESH_ID_EVERYWHERE = /fresh-id-0/g;
/** Stands for a shopper's token that the hub has made. */
export const TOKEN = 'a-token-of-the-hub';

const TAB = 'tab-of-a-fuzzer';
const AT = 1_795_000_000_000;
const item = { ...mug, item_brand: 'Clay', item_category: 'Kitchen', item_variant: 'blue' };
const cart = { items: [item, { item_id: 'bowl', price: 5 }], currency: 'EUR' };

function event(name: string, params: object, more: object = {}) {
  return { id: FRESH_ID, name, at: AT, rev: 1, params, ...more };
}

/** At least one event of each kind that a page may report. */
export const EVENTS: readonly object[] = [
  event('add_to_cart', { currency: 'EUR', value: 37, items: [item] }, { cart }),
  event('view_item', { currency: 'EUR', items: [item], item_list_id: 'list', coupon: 'TEN' }),
  event('purchase', {
    transaction_id: 'T-1',
    currency: 'EUR',
    value: 37,
    tax: 1,
    shipping: 2,
    items: [item],
  }),
  event('page_view', { page_location: 'https://shop.test/a?b=c#d', page_title: 'A shop', method: 'x' }),
  event('search', { search_term: 'mug' }),
  event('user_engagement', { engagement_time_msec: 5_000 }),
  event('scroll', { percent_scrolled: 90 }),
  event('web_vitals', { lcp: 2_500, inp: 200 }),
  event('nudge_rated', { nudge: 'n_00000001', rating: 'useful' }),
  event('nudge_dismissed', { nudge: 'n_00000001' }),
  event('consent_update', { marketing: 'granted' }),
  event('preferences_update', {
    doNotDisturb: false,
    snooze: '1h',
    quietHours: { from: '22:00', to: '07:00' },
    fewer: true,
    without: ['toast'],
    lessOf: 'cart',
  }),
  event('support_case_opened', { case: 'c-1' }),
  event('capture_fault', { event: 'purchase', fault: 'no_transaction_id' }),
  event('quiz_finished', { score: 5, grade: 'A', other: [1] }),
  event('constructor', { constructor: 'x', toString: 1, hasOwnProperty: true }),
];

const page = {
  locale: 'en-GB',
  timeZone: 'Europe/London',
  device: 'mobile',
  bot: false,
  path: '/products/mug',
  referrer: 'search.test',
  utm: { source: 'a', medium: 'b', campaign: 'c' },
};

const CLAIM = { nudge: 'n_00000001', tab: TAB, from: 'push' };

type Named = readonly [name: string, body: JsonTemplate];
const [firstEvent, ...otherEvents] = EVENTS;

/** What a page may say, by the name of the message. The last one is large, and takes as long as sixteen others. */
export const PAGE_BODIES: readonly [Named, ...Named[]] = [
  ['track', new JsonTemplate({ events: [firstEvent], sentAt: AT, tab: TAB })],
  ...otherEvents.map((one): Named => ['track', new JsonTemplate({ events: [one], sentAt: AT + 5_000 })]),
  ...Array.from({ length: 8 }, (): Named => ['claim', new JsonTemplate(CLAIM)]),
  ...Array.from({ length: 8 }, (): Named => ['open', new JsonTemplate({ tab: TAB, page })]),
  ...Array.from({ length: 8 }, (): Named => ['nothing', new JsonTemplate(CLAIM)]),
  [
    'track',
    new JsonTemplate({
      events: EVENTS.map((one, place) => Object.assign({}, one, { id: `${FRESH_ID}${place}` })),
    }),
  ],
];

export const HANDSHAKES: readonly [JsonTemplate, ...JsonTemplate[]] = [
  new JsonTemplate({ site: 'pk_test', version: 1, token: TOKEN, tab: TAB, page, inspect: true }),
  new JsonTemplate({ site: 'pk_test', token: TOKEN, lastSeq: 3, epoch: 'an-epoch' }),
];
