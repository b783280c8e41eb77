import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { senseProductView } from '../../../widget/sensors/product-view.ts';

let page: EventTarget;
let root: { readyState: string; querySelectorAll(): { textContent: string }[] };
let markup: object[];
const tell = vi.fn<(name: string, params: object) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  markup = [{ '@type': 'Product', name: 'Mug', sku: 'mug' }];
  root = {
    readyState: 'complete',
    querySelectorAll: () => markup.map((one) => ({ textContent: JSON.stringify(one) })),
  };
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', root);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  tell.mockReset();
});

/** What reads the markup is loaded in between, which takes its time. */
const told = () => vi.waitFor(() => expect(tell).toHaveBeenCalled());
const twoSeconds = () => vi.advanceTimersByTimeAsync(2_000);

it('a product page whose shop has said nothing for two seconds is a view of its product', async () => {
  senseProductView(tell, () => false);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(tell).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await told();
  expect(tell.mock.calls).toMatchObject([['view_item', { items: [{ item_id: 'mug' }] }]]);
});

it('the two seconds begin when the page has loaded', async () => {
  root.readyState = 'interactive';
  senseProductView(tell, () => false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(vi.getTimerCount()).toBe(0);
  page.dispatchEvent(new Event('load'));
  await twoSeconds();
  await told();
});

it.each<[what: string, arrange: () => (() => boolean) | undefined]>([
  ['the shop has told of its view', () => () => true],
  [
    'the shop tells of it while the markup is read',
    () => {
      let asked = 0;
      return () => asked++ > 0;
    },
  ],
  [
    'there is no markup',
    () => {
      markup = [];
      return undefined;
    },
  ],
  [
    'the markup is of something else',
    () => {
      markup = [{ '@type': 'Organization' }];
      return undefined;
    },
  ],
])('nothing is told where %s', async (_, arrange) => {
  senseProductView(tell, arrange() ?? (() => false));
  await twoSeconds();
  await vi.dynamicImportSettled();
  expect(tell).not.toHaveBeenCalled();
});

it('nothing any more once stopped', async () => {
  senseProductView(tell, () => false)();
  await twoSeconds();
  await vi.dynamicImportSettled();
  expect(tell).not.toHaveBeenCalled();
});
