import { codeDigest } from '../../../server/core/code-digest.ts';
import { decide, type Decision } from '../../../server/core/decide.ts';
import type { Input } from '../../../server/core/inputs.ts';
import { randomFrom } from '../../../server/core/random.ts';
import type { Reason } from '../../../server/core/reasons.ts';
import { newShopper, type Shopper } from '../../../server/core/shopper.ts';
import type { LiveSite } from '../../../server/core/site.ts';
import { ShopperId } from '../../../shared/ids.ts';
import type { Nudge } from '../../../shared/nudge.ts';
import type { Page } from '../../../shared/page-messages.ts';
import { deepFreeze } from './deep-freeze.ts';
import { eventOf, type GivenCart, type GivenName, items } from './sample-event.ts';

export const START = 1_795_000_000_000;
export const SHOPPER = ShopperId.parse('AAAAAAAAAAAAAAAAAAAAAA');

type EventInput = Extract<Input, { kind: 'event' }>;

const DIGEST = /^[0-9a-f]{32}$/;

/** One shopper's life on one site, told step by step. Everything handed to `decide` is frozen first. */
export class Story {
  live: LiveSite;
  now = START;
  shopper: Shopper = newShopper(SHOPPER, START);
  #rev = 0;
  #lastEvent: EventInput | null = null;
  #count: number;

  /** `chance`: of two shoppers’ lives each needs its own, or what they are given has the same ids. */
  constructor(live: LiveSite, chance = 0) {
    this.live = live;
    this.#count = chance;
  }

  get nudges(): readonly Nudge[] {
    return this.shopper.nudges.map(({ nudge }) => nudge);
  }

  /** The last event that was told. */
  get lastEvent(): EventInput {
    if (!this.#lastEvent) throw new Error('Nothing was told yet.');
    return this.#lastEvent;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  input(input: Input): Decision {
    if (input.kind === 'event') this.#lastEvent = input;
    const random = randomFrom([1, 2, 3, ++this.#count]);
    const decision = decide(deepFreeze(this.shopper), deepFreeze(input), this.live, this.now, random);
    this.shopper = decision.shopper;
    return decision;
  }

  /** A page reports; its events count up unless `rev` is given. */
  page(name: GivenName, params: object = {}, more: { rev?: number; id?: string; cart?: GivenCart } = {}) {
    this.#rev = Math.max(this.#rev + 1, more.rev ?? 0);
    const id = more.id ?? `page-${String(this.#rev).padStart(6, '0')}`;
    const event = eventOf({ rev: this.#rev, ...more, id, name, params });
    return this.input({ kind: 'event', source: 'page', event });
  }

  /** The shop's server reports, without a place in the page's count. */
  server(name: GivenName, params: object = {}, id = `server-${this.#count}`): Decision {
    return this.input({ kind: 'event', source: 'server', event: eventOf({ id, name, params }) });
  }

  /** A page is opened; the hub hears of it with the page's first events. */
  opens(page: Page): Decision {
    return this.input({ kind: 'page', page });
  }

  adds(...texts: string[]): Decision {
    return this.page('add_to_cart', { items: items(...texts) });
  }

  buys(order = `order-${this.#count}`): Decision {
    return this.page('purchase', { transaction_id: order, value: 10, items: [] });
  }

  clock(): Decision {
    return this.input({ kind: 'clock' });
  }

  calls(rule: string, segment?: string): Decision {
    return this.input({ kind: 'call', rule, ...(segment === undefined ? {} : { segment }) });
  }

  claim(nudge: string, tab = 'tab-aaaaaa', from: 'push' | 'page' = 'push'): Decision {
    return this.input({ kind: 'claim', nudge, tab, from });
  }

  sees(nudge = this.#anyNudge()): Decision {
    return this.page('nudge_displayed', { nudge });
  }

  dismisses(nudge = this.#anyNudge()): Decision {
    return this.page('nudge_dismissed', { nudge });
  }

  /** By the code, or by its digest as the shopper's document has it. */
  redeem(code: string, order = 'order-1', value?: number): Decision {
    const digest = DIGEST.test(code) ? code : codeDigest(code);
    return this.input({ kind: 'redeem', digest, order, ...(value === undefined ? {} : { value }) });
  }

  #anyNudge(): string {
    return this.nudges[0]?.id ?? 'no-nudge-at-all';
  }
}

/** The rules that fired in a decision. */
export function firedIn({ reasons }: Decision): string[] {
  return reasons.flatMap((reason) => (reason.result === 'fired' ? [reason.rule] : []));
}

/** What held a rule back in a decision. */
export function heldBy({ reasons }: Decision, rule: string): Reason | undefined {
  return reasons.find((reason) => reason.rule === rule && reason.result === 'held');
}

/** The one nudge that a decision pushes. */
export function pushedBy({ effects }: Decision): Nudge {
  const [push] = effects.flatMap((effect) => (effect.kind === 'push' ? [effect.nudge] : []));
  if (!push) throw new Error('Nothing was pushed.');
  return push;
}
