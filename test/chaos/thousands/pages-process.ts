import { History } from '../../support/rig/history.ts';
import { ORIGIN } from '../../support/sample-site.ts';
import { balance } from './balancer.ts';
import type { Order, Seen, Told } from './orders.ts';
import { Page } from './page.ts';

/** Thousands of pages, in a process of their own: the test’s stays free to look at the hubs meanwhile. */
const TICK_MS = 20;

const history = new History();
const balancer = balance(ORIGIN);
const pages: Page[] = [];
let browsing: NodeJS.Timeout | undefined;
let turn = 0;

/** Does something so often a second, until it was done as often as is wanted. */
function pace(perSecond: number, times: number, act: () => void): NodeJS.Timeout {
  const from = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.min(times, ((performance.now() - from) / 1_000) * perSecond);
    for (; done < due; done++) act();
    if (done >= times) clearInterval(timer);
  }, TICK_MS);
  return timer;
}

function look(since: number): Seen {
  return {
    welcome: pages.filter(({ isWelcome }) => isWelcome).length,
    acked: pages.filter(({ isAcked }) => isAcked).length,
    cut: pages.filter((page) => page.wasCutSince(since)).length,
    back: pages.flatMap((page) => page.backSince(since) ?? []),
  };
}

function tell(): Told {
  const shoppers = new Map(pages.map(({ tab, shopper }) => [tab, shopper]));
  return {
    reported: pages.reduce((sum, page) => sum + page.reported, 0),
    // A page may send its first events before the welcome has told it who its shopper is.
    operations: history.operations.map((operation) =>
      operation.op === 'event' ? { ...operation, shopper: shoppers.get(operation.tab) ?? '' } : operation,
    ),
    heard: pages.map(({ shopper, heard }) => [shopper, [...heard]]),
    faults: pages.flatMap(({ faults }) => faults),
  };
}

function carryOut(order: Order): Seen | Told {
  switch (order.do) {
    case 'balance':
      balancer.setPorts(order.ports);
      break;
    case 'open': {
      const perSecond = (order.pages / order.withinMs) * 1_000;
      pace(perSecond, order.pages, () => pages.push(new Page(pages.length, history)));
      break;
    }
    case 'browse':
      clearInterval(browsing);
      browsing = pace(order.perSecond, Number.POSITIVE_INFINITY, () =>
        pages[turn++ % pages.length]?.browse(),
      );
      break;
    case 'look':
      return look(order.since);
    case 'tell':
      return tell();
  }
  return look(Date.now());
}

process.on('message', (order: Order) => process.send?.(carryOut(order)));
process.once('disconnect', () => process.exit(0));
