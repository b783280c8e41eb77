import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';
import type { LoadOrder, Measured } from './load-orders.ts';
import { ShopperPage } from './shopper-page.ts';

/** Server and generator share a machine: opening all sockets at once would only measure timeouts. */
const OPENED_AT_ONCE = 50;
const MOST_TRIES = 40;
const TRY_AGAIN_AFTER_MS = 250;

const crowd = new Crowd();

async function connect(url: URL, count: number): Promise<void> {
  while (crowd.size < count) {
    const first = crowd.size;
    const numbers = Array.from({ length: Math.min(OPENED_AT_ONCE, count - first) }, (_, n) => first + n);
    crowd.join(await Promise.all(numbers.map((number) => open(url, number))));
  }
}

/** A hub that has much to do sends new pages away for a moment. */
async function open(url: URL, number: number, tries = MOST_TRIES): Promise<ShopperPage> {
  try {
    return await ShopperPage.open(url, number, crowd);
  } catch (error) {
    if (tries === 1) throw error;
    await sleep(TRY_AGAIN_AFTER_MS);
    return open(url, number, tries - 1);
  }
}

async function carryOut(order: LoadOrder): Promise<Measured | null> {
  switch (order.do) {
    case 'connect':
      await connect(new URL(order.url), order.pages);
      return null;
    case 'pace':
      return crowd.pace(order);
    case 'saturate':
      return crowd.saturate(order);
    case 'browse':
      return crowd.browse(order);
    case 'leave':
      crowd.leave();
      return null;
  }
}

process.on('message', (order: LoadOrder) => {
  void carryOut(order).then((measured) => process.send?.(measured ?? {}));
});
process.once('disconnect', () => process.exit(0));
