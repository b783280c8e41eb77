import { isEventName, ITEM_EVENTS } from '../../../shared/event-names.ts';
import { CAPTURE_FAULTS } from '../../core/capture-faults.ts';
import type { CaptureHour } from './capture-hours.ts';
import { FAULT_WORDS, type HealthFault } from './fault-words.ts';
import { silenceOf } from './silence.ts';

/** Times are milliseconds since 1970, to the hour. */
export interface CaptureHealth {
  /** `no_events`: no page has told anything in the last day. */
  readonly status: 'ok' | 'warning' | 'no_events';
  /** From when on the judgement knows the site; null: it never heard of it. */
  readonly since: number | null;
  readonly events: readonly EventHealth[];
  readonly faults: readonly FoundFault[];
}

export interface EventHealth {
  readonly name: string;
  readonly lastDay: number;
  readonly lastAt: number;
}

export interface FoundFault {
  readonly event: string;
  readonly fault: HealthFault;
  /** How many events of the last day have it. Of what did not come: how many are missing, or were waited for. */
  readonly count: number;
  /** Of all events of that name, between 0 and 1. */
  readonly share: number;
  /** Whether it is enough for a warning. */
  readonly isWarning: boolean;
  readonly message: { readonly en: string; readonly ko: string };
  readonly firstAt: number;
  readonly lastAt: number;
}

const DAY_HOURS = 24;
/** A fault of fewer events, or of a smaller share of them, is listed and no more: some browser always has one. */
const LEAST_COUNT = 5;
const LEAST_SHARE = 0.01;
/** Some shops have ways to buy without a cart, and some shoppers come back on another device. */
const LEAST_SHARE_WITHOUT_CART = 0.3;
/**
 * So many checkouts without one purchase. If only a tenth of them were bought (most shops: a third or more), seven would have
 * come, and none by chance with e^-7: once in 1,000 days.
 */
const LEAST_CHECKOUTS = 70;

/** Shoppers do these as long as there are any; the last is seen by the widget itself. */
const VISITS = ['page_view', 'view_item', 'view_item_list', 'user_engagement'] as const;
/** What a shop tells of day by day, beside the events of its own. Promotions end, and failed payments had better. */
const REGULAR: readonly string[] = [
  ...ITEM_EVENTS.filter((name) => !name.endsWith('_promotion')),
  'purchase',
  'page_view',
  'search',
  'login',
  'sign_up',
];
/** In place of names that the site no longer declares. */
const OTHER = 'other';

/** `hours`: without gaps, oldest first, the last one under way. `own`: the names of the shop's own events. */
export function captureHealth(hours: readonly CaptureHour[], own: ReadonlySet<string>): CaptureHealth {
  const first = hours.findIndex(({ told, faults }) => told.size + faults.size > 0);
  const known = first < 0 ? [] : hours.slice(first).map((hour) => named(hour, own));
  const events = eventsIn(known);
  const faults = [...faultsIn(known), ...silencesIn(known, own), ...purchasesMissing(known)].sort(
    byImportance,
  );
  const isTold = known.slice(-DAY_HOURS).some(({ told, faults: found }) => told.size + found.size > 0);
  const isFaulty = faults.some(({ isWarning }) => isWarning);
  return {
    status: isTold ? (isFaulty ? 'warning' : 'ok') : 'no_events',
    since: known[0]?.at ?? null,
    events,
    faults,
  };
}

function named(hour: CaptureHour, own: ReadonlySet<string>): CaptureHour {
  const nameOf = (name: string) => (isEventName(name) || own.has(name) ? name : OTHER);
  const told = new Map<string, number>();
  for (const [name, count] of hour.told) told.set(nameOf(name), (told.get(nameOf(name)) ?? 0) + count);
  const faults = new Map<string, number>();
  for (const [key, count] of hour.faults) {
    const [name = '', fault = ''] = key.split('\n');
    const to = `${nameOf(name)}\n${fault}`;
    faults.set(to, (faults.get(to) ?? 0) + count);
  }
  return { ...hour, told, faults };
}

function eventsIn(hours: readonly CaptureHour[]): EventHealth[] {
  const names = [...new Set(hours.flatMap(({ told }) => [...told.keys()]))];
  return names
    .map((name) => ({
      name,
      lastDay: sum(countsOf(name, hours.slice(-DAY_HOURS))),
      lastAt: hours.findLast(({ told }) => told.has(name))?.at ?? 0,
    }))
    .sort((one, other) => other.lastDay - one.lastDay || byText(one.name, other.name));
}

/** What was wrong with single events of the last day. */
function faultsIn(hours: readonly CaptureHour[]): FoundFault[] {
  const lastDay = hours.slice(-DAY_HOURS);
  const keys = [...new Set(lastDay.flatMap(({ faults }) => [...faults.keys()]))];
  return keys.flatMap((key) => {
    const [event = '', name] = key.split('\n');
    const fault = CAPTURE_FAULTS.find((known) => known === name);
    if (!fault) return [];
    const count = sum(lastDay.map(({ faults }) => faults.get(key) ?? 0));
    const told = sum(countsOf(event, lastDay));
    // What was thrown away has not been told.
    const share = count / (fault === 'no_transaction_id' ? told + count : told);
    const leastShare = fault === 'purchase_without_cart' ? LEAST_SHARE_WITHOUT_CART : LEAST_SHARE;
    const isWarning = count >= LEAST_COUNT && share >= leastShare;
    const having = hours.filter(({ faults }) => faults.has(key)).map(({ at }) => at);
    return [foundFault(event, fault, { count, share, isWarning, hours: having })];
  });
}

/** Events that used to come and don't. */
function silencesIn(hours: readonly CaptureHour[], own: ReadonlySet<string>): FoundFault[] {
  return [...REGULAR, ...own].flatMap((name) => {
    const counts = name === 'purchase' ? purchasesOf(hours) : countsOf(name, hours);
    const visits = hours.map(({ told }) =>
      sum(VISITS.map((visit) => (visit === name ? 0 : (told.get(visit) ?? 0)))),
    );
    const silence = silenceOf(counts, visits);
    if (!silence) return [];
    const without = hours.slice(silence.from).map(({ at }) => at);
    const count = Math.round(silence.expected);
    return [foundFault(name, 'silent', { count, share: 1, isWarning: true, hours: without })];
  });
}

/** Checkouts that have gone on for a day and longer, and not one purchase, from wherever. */
function purchasesMissing(hours: readonly CaptureHour[]): FoundFault[] {
  const since = hours.slice(purchasesOf(hours).findLastIndex((count) => count > 0) + 1);
  const checkouts = countsOf('begin_checkout', since);
  // The hour that is under way makes no day whole.
  if (since.length <= DAY_HOURS || sum(checkouts) < LEAST_CHECKOUTS) return [];
  if (sum(checkouts.slice(-DAY_HOURS)) < LEAST_COUNT) return [];
  // They are told of, and why they don't count is found by itself.
  if (since.some(({ faults }) => faults.has('purchase\nno_transaction_id'))) return [];
  const having = since.filter(({ told }) => told.has('begin_checkout')).map(({ at }) => at);
  const found = { count: sum(checkouts), share: 1, isWarning: true, hours: having };
  return [foundFault('purchase', 'no_purchases_seen', found)];
}

function foundFault(
  event: string,
  fault: HealthFault,
  { count, share, isWarning, hours }: Pick<FoundFault, 'count' | 'share' | 'isWarning'> & { hours: number[] },
): FoundFault {
  const { en, ko } = FAULT_WORDS[fault];
  return {
    event,
    fault,
    count,
    share: Math.round(share * 10_000) / 10_000,
    isWarning,
    message: { en: en(event), ko: ko(event) },
    firstAt: hours[0] ?? 0,
    lastAt: hours.at(-1) ?? 0,
  };
}

function countsOf(name: string, hours: readonly CaptureHour[]): number[] {
  return hours.map(({ told }) => told.get(name) ?? 0);
}

/** Told by a page or by the shop's server: either will do. */
function purchasesOf(hours: readonly CaptureHour[]): number[] {
  return hours.map(({ told, serverPurchases }) => (told.get('purchase') ?? 0) + serverPurchases);
}

function byImportance(one: FoundFault, other: FoundFault): number {
  if (one.isWarning !== other.isWarning) return one.isWarning ? -1 : 1;
  return other.count - one.count || byText(one.event, other.event) || byText(one.fault, other.fault);
}

function byText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
