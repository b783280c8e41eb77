import { z } from 'zod';
import { ConsentParams } from './consent.ts';
import { CustomEventName } from './custom-event.ts';
import {
  CAPTURE_EVENTS,
  ENGAGEMENT_EVENTS,
  isEventName,
  ITEM_EVENTS,
  NUDGE_EVENTS,
  ORDER_EVENTS,
  SUPPORT_EVENTS,
  VISIT_EVENTS,
  VITALS_EVENTS,
} from './event-names.ts';
import { EventId, NudgeId } from './ids.ts';
import { Items } from './item.ts';
import { Amount, Currency } from './money.ts';
import { PreferencesParams } from './preferences.ts';

/** Query and fragment may hold what a shopper typed; neither is kept. */
export const PageLocation = z
  .string()
  .max(2_000)
  .transform((url) => url.split(/[?#]/, 1)[0] ?? '');

const Label = z.string().max(200);

const ItemParams = z.object({
  currency: Currency.optional(),
  value: Amount.optional(),
  items: Items.default([]),
  coupon: Label.optional(),
  item_list_id: Label.optional(),
  item_list_name: Label.optional(),
  payment_type: Label.optional(),
  shipping_tier: Label.optional(),
});

const OrderParams = ItemParams.extend({
  transaction_id: z.string().min(1).max(100),
  shipping: Amount.optional(),
  tax: Amount.optional(),
});

const VisitParams = z.object({
  page_location: PageLocation.optional(),
  page_title: Label.optional(),
  search_term: Label.optional(),
  method: Label.optional(),
});

const DAY_MS = 86_400_000;

/** As GA4 measures them: percent of the page's height, and milliseconds for which the page was in sight since the last report. */
const EngagementParams = z.object({
  percent_scrolled: z.number().min(0).max(100).optional(),
  engagement_time_msec: z.number().int().min(0).max(DAY_MS).optional(),
});

/** Largest contentful paint and interaction to next paint, in milliseconds. */
const VitalsParams = z.object({
  lcp: z.number().min(0).max(600_000).optional(),
  inp: z.number().min(0).max(600_000).optional(),
});

const NudgeParams = z.object({ nudge: NudgeId, rating: z.enum(['useful', 'not_useful']).optional() });

const SupportParams = z.object({ case: z.string().min(1).max(100) });

/** Which event of the shop's came to nothing on the page, and what it lacked. It is about the shop: its shopper is not decided upon. */
const CaptureParams = z.object({ event: z.enum(ORDER_EVENTS), fault: z.literal('no_transaction_id') });

/** The whole cart at one moment. It outweighs any sum of additions and removals. */
export const CartSnapshot = z.object({ items: Items, currency: Currency.optional() });
export type CartSnapshot = z.infer<typeof CartSnapshot>;

const envelope = {
  id: EventId,
  /** Milliseconds since 1970 by the reporter's clock. Kept as data; only an event's age is told from it. */
  at: z.number().int().min(0).max(8.64e15),
  /** Counts up with each event of a shopper: the order in which things happened. A server's event has none. */
  rev: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  cart: CartSnapshot.optional(),
};

/** The name that events of a shop's own have inside the hub; the wire has theirs. */
const CUSTOM = 'custom_event';

const KnownEvent = z.discriminatedUnion(
  'name',
  [
    z.object({ ...envelope, name: z.enum(ITEM_EVENTS), params: ItemParams }),
    z.object({ ...envelope, name: z.enum(ORDER_EVENTS), params: OrderParams }),
    z.object({ ...envelope, name: z.enum(VISIT_EVENTS), params: VisitParams.default({}) }),
    z.object({ ...envelope, name: z.enum(ENGAGEMENT_EVENTS), params: EngagementParams }),
    z.object({ ...envelope, name: z.enum(VITALS_EVENTS), params: VitalsParams }),
    z.object({ ...envelope, name: z.enum(NUDGE_EVENTS), params: NudgeParams }),
    z.object({ ...envelope, name: z.literal('consent_update'), params: ConsentParams }),
    z.object({ ...envelope, name: z.literal('preferences_update'), params: PreferencesParams }),
    z.object({ ...envelope, name: z.enum(SUPPORT_EVENTS), params: SupportParams }),
    z.object({ ...envelope, name: z.enum(CAPTURE_EVENTS), params: CaptureParams }),
    z.object({
      ...envelope,
      name: z.literal(CUSTOM),
      event: CustomEventName,
      /** What the site declares of it is kept, and nothing else. */
      params: z.record(z.string(), z.unknown()).default({}),
    }),
  ],
  { error: (issue) => unknownName(issue.input) },
);

/** A name that is not GA4's is taken for one of the shop's own; whether it is, its site knows. */
export const ShopperEvent = z.preprocess(namedByShop, KnownEvent);
export type ShopperEvent = z.infer<typeof KnownEvent>;

/** What may be sent: `{ name: "quiz_finished", … }` for an event of the shop's own. */
export type GivenEvent = Exclude<z.input<typeof KnownEvent>, { name: typeof CUSTOM }>;

function namedByShop(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('name' in given)) return given;
  const { name } = given;
  if (typeof name !== 'string' || isEventName(name)) return given;
  return CustomEventName.safeParse(name).success ? { ...given, name: CUSTOM, event: name } : given;
}

function unknownName(input: unknown): string {
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : undefined;
  return typeof name === 'string'
    ? `Unknown event "${name.slice(0, 60)}". Use GA4's e-commerce names, such as "add_to_cart".`
    : 'An event is an object with a name, such as "add_to_cart".';
}

export const MAX_EVENTS = 50;

export const Events = z.array(ShopperEvent).min(1).max(MAX_EVENTS, `At most ${MAX_EVENTS} events at once.`);
