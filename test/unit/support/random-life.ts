import fc from 'fast-check';
import type { Decision } from '../../../server/core/decide.ts';
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts';
import { items } from './sample-event.ts';
import type { Story } from './story.ts';

type Picks = { readonly pick: number; readonly tab: string; readonly wait: number };
export type Act = Picks & { readonly does: (typeof DOES)[number] };

const DOES = [
  'add',
  'add',
  'remove',
  'view_cart',
  'begin_checkout',
  'exit_intent',
  'view_item',
  'buy',
  'server_buy',
  'clock',
  'clock',
  'claim',
  'display',
  'display',
  'display',
  'display',
  'click',
  'dismiss',
  'redeem',
] as const;

const BRIEF_WAITS = [0, 1, SECOND, 10 * SECOND, MINUTE - 1, MINUTE] as const;
const WAITS = [...BRIEF_WAITS, 15 * MINUTE, HOUR, DAY] as const;
const ITEMS = ['mug', 'pot', 'tray'] as const;

/** What a shopper may do over some days, with the time that passes before each act. */
export function acts(most: number): fc.Arbitrary<Act[]> {
  return actsAfter(most, fc.oneof(fc.constantFrom(...WAITS), fc.nat({ max: 2 * HOUR })));
}

/** What a shopper may do within an hour or two, so that much falls into the same window. */
export function busyActs(most: number): fc.Arbitrary<Act[]> {
  return actsAfter(most, fc.oneof(fc.constantFrom(...BRIEF_WAITS), fc.nat({ max: 4 * MINUTE })));
}

function actsAfter(most: number, wait: fc.Arbitrary<number>): fc.Arbitrary<Act[]> {
  return fc.array(
    fc.record({
      does: fc.constantFrom(...DOES),
      pick: fc.nat({ max: 9 }),
      tab: fc.constantFrom('tab-aaaaaa', 'tab-bbbbbb', 'tab-cccccc'),
      wait,
    }),
    { maxLength: most, size: 'max' },
  );
}

/** Lets one act happen. Nudges and codes are picked among those that there are, or are made up. */
export function perform(story: Story, { does, pick, tab, wait }: Act): Decision {
  story.wait(wait);
  const nudge = story.nudges[pick % Math.max(story.nudges.length, 1)]?.id ?? 'n_00000000';
  const item = items(ITEMS[pick % ITEMS.length] ?? 'mug');
  switch (does) {
    case 'add':
      return story.page('add_to_cart', { items: item });
    case 'remove':
      return story.page('remove_from_cart', { items: item });
    case 'view_cart':
    case 'begin_checkout':
    case 'exit_intent':
      return story.page(does, { items: pick === 0 ? [] : item });
    case 'view_item':
      return story.page('view_item', { items: item });
    case 'buy':
      return story.buys();
    case 'server_buy':
      return story.server('purchase', { transaction_id: `order-${pick}` });
    case 'clock':
      return story.clock();
    case 'claim':
      return story.claim(nudge, tab, pick % 2 === 0 ? 'push' : 'page');
    case 'display':
      return story.sees(nudge);
    case 'click':
      return story.page('nudge_clicked', { nudge });
    case 'dismiss':
      return story.dismisses(nudge);
    case 'redeem': {
      const { coupons } = story.shopper;
      return story.redeem(coupons[pick % Math.max(coupons.length, 1)]?.digest ?? 'NONE', `order-${pick}`);
    }
  }
}
