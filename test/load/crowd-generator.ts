import { Crowd } from '../bench/crowd.ts';
import type { Measured } from '../bench/load-orders.ts';
import { cpuSeconds } from '../bench/process-cpu.ts';
import { ShopperPage } from '../bench/shopper-page.ts';
import type { Counted, CrowdOrder, Gathered, Place } from './crowd-orders.ts';
import { openAll } from './opening.ts';
import { PagePair } from './page-pair.ts';

/** The shoppers of a run, in crowds by name, in a process of their own. */
const crowds = new Map<string, { readonly crowd: Crowd; readonly pages: (ShopperPage | PagePair)[] }>();
/** No two pages of a run have the same one: the ids of their events come of it. */
let numbers = 0;

function crowdOf(name: string) {
  const known = crowds.get(name) ?? { crowd: new Crowd(), pages: [] };
  crowds.set(name, known);
  return known;
}

async function gather(order: Extract<CrowdOrder, { do: 'gather' }>): Promise<Gathered> {
  const { crowd, pages } = crowdOf(order.crowd);
  const [first] = order.places;
  if (!first) throw new Error('No place to open a page at.');
  const count = order.shoppers - pages.length;
  const before = order.serverPids.map(cpuSeconds);
  const startedAt = performance.now();
  const opened = await openAll(count, (index) => {
    const place = order.places[index % order.places.length] ?? first;
    return openPage(place, crowd);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = order.serverPids.map((pid, index) => cpuSeconds(pid) - (before[index] ?? Number.NaN));
  for (const page of opened.pages) pages.push(page);
  crowd.join(opened.pages);
  return {
    opened: opened.pages.length,
    given: count - opened.pages.length,
    seconds,
    refusals: opened.refusals,
    cpu,
  };
}

function openPage({ at, alsoAt }: Place, crowd: Crowd): Promise<ShopperPage | PagePair> {
  const number = ++numbers;
  if (alsoAt === undefined) return ShopperPage.open(new URL(at), number, crowd);
  return PagePair.open(new URL(at), new URL(alsoAt), number, crowd);
}

function carryOut(order: CrowdOrder): Promise<Measured | Gathered | Counted> {
  switch (order.do) {
    case 'gather':
      return gather(order);
    case 'pace':
      return crowdOf(order.crowd).crowd.pace(order);
    case 'saturate':
      return crowdOf(order.crowd).crowd.saturate(order);
    case 'count':
      return Promise.resolve(countOf(order.crowd));
    case 'leave': {
      crowdOf(order.crowd).crowd.leave();
      crowds.delete(order.crowd);
      return Promise.resolve(countOf(order.crowd));
    }
  }
}

function countOf(name: string): Counted {
  return { open: crowdOf(name).pages.filter((page) => page.isOpen).length };
}

process.on('message', (order: CrowdOrder) => {
  void carryOut(order).then((answer) => process.send?.(answer));
});
process.once('disconnect', () => process.exit(0));
