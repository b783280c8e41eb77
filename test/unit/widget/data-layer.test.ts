import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenToDataLayer } from '../../../widget/sensors/data-layer.ts';

type Layer = unknown[];

let page: EventTarget & { dataLayer?: Layer };
let heard: string[];

beforeEach(() => {
  page = new EventTarget();
  heard = [];
  vi.useFakeTimers();
  vi.stubGlobal('window', page);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const listen = () => listenToDataLayer((name) => void heard.push(name));
const layer = (): Layer => (page.dataLayer ??= []);
const gtm = (event: string, more: object = {}) => ({ event, ...more });
const later = () => {
  page.dispatchEvent(new Event('load'));
  vi.advanceTimersByTime(10_000);
};

/** `gtag` as Google writes it: it pushes its `arguments`. */
function gtag(..._entry: unknown[]): void {
  // oxlint-disable-next-line prefer-rest-params
  layer().push(arguments);
}

describe('what is heard', () => {
  it('what was pushed before', () => {
    page.dataLayer = [gtm('view_item'), gtm('add_to_cart')];
    listen();
    expect(heard).toEqual(['view_item', 'add_to_cart']);
  });

  it('what is pushed from now on, several at once too', () => {
    listen();
    layer().push(gtm('view_item'), gtm('add_to_cart'));
    expect(heard).toEqual(['view_item', 'add_to_cart']);
  });

  it.each<[what: string, entry: unknown, expected: unknown[]]>([
    ['GTM’s form', gtm('view_item', { ecommerce: { value: 5 } }), ['view_item', { value: 5 }]],
    [
      'GTM’s form without ecommerce',
      gtm('search', { search_term: 'x' }),
      ['search', { event: 'search', search_term: 'x' }],
    ],
    ['a list in gtag’s form', ['event', 'login', { method: 'x' }], ['login', { method: 'x' }]],
    ['gtag’s form without params', ['event', 'login'], ['login', undefined]],
  ])('%s', (_, entry, expected) => {
    const report = vi.fn<(name: string, params: unknown) => void>();
    page.dataLayer = [entry];
    listenToDataLayer(report);
    expect(report.mock.calls).toEqual([expected]);
  });

  it('gtag’s own arguments', () => {
    listen();
    gtag('js', new Date(0));
    gtag('config', 'G-1');
    gtag('event', 'add_to_cart', { value: 5 });
    expect(heard).toEqual(['add_to_cart']);
  });

  it('nothing in what is no event', () => {
    page.dataLayer = [null, 5, 'event', [], {}, ['config', 'x'], ['event', 5], { event: 5 }, () => undefined];
    listen();
    expect(heard).toEqual([]);
  });

  it('nothing any more once stopped', () => {
    const stop = listen();
    stop();
    layer().push(gtm('view_item'));
    later();
    expect(heard).toEqual([]);
  });
});

describe('each event is heard once', () => {
  it('when the page has loaded and time has passed', () => {
    page.dataLayer = [gtm('view_item')];
    listen();
    layer().push(gtm('add_to_cart'));
    later();
    expect(heard).toEqual(['view_item', 'add_to_cart']);
  });

  it('when the array is replaced', () => {
    page.dataLayer = [gtm('view_item')];
    listen();
    page.dataLayer = [gtm('add_to_cart')];
    later();
    layer().push(gtm('view_cart'));
    expect(heard).toEqual(['view_item', 'add_to_cart', 'view_cart']);
  });

  it('when the array is replaced by a copy of itself', () => {
    page.dataLayer = [gtm('view_item')];
    listen();
    page.dataLayer = [...layer()];
    later();
    layer().push(gtm('view_cart'));
    expect(heard).toEqual(['view_item', 'view_cart']);
  });

  it('when push is replaced by one that calls ours', () => {
    listen();
    wrapPush();
    layer().push(gtm('view_item'));
    later();
    layer().push(gtm('add_to_cart'));
    wrapPush();
    layer().push(gtm('view_cart'));
    expect(heard).toEqual(['view_item', 'add_to_cart', 'view_cart']);
  });

  it('when push is replaced by one that does not call ours', () => {
    listen();
    layer().push = (...entries) => Array.prototype.push.apply(layer(), entries);
    layer().push(gtm('view_item'));
    later();
    layer().push(gtm('add_to_cart'));
    expect(heard).toEqual(['view_item', 'add_to_cart']);
  });

  it('when one event’s listener pushes another', () => {
    const whole = layer();
    const plain = whole.push.bind(whole);
    whole.push = (...entries) => {
      const length = plain(...entries);
      // A tag manager runs its tags within the push, and those push in turn.
      if ((entries[0] as { event: string }).event === 'view_item') whole.push(gtm('add_to_cart'));
      return length;
    };
    listen();
    whole.push(gtm('view_item'));
    later();
    expect(heard.toSorted()).toEqual(['add_to_cart', 'view_item']);
  });

  it('when the same object is pushed twice it is heard twice', () => {
    listen();
    const again = gtm('add_to_cart');
    layer().push(again);
    layer().push(again);
    expect(heard).toEqual(['add_to_cart', 'add_to_cart']);
  });

  it('when a tag manager cuts the array short', () => {
    page.dataLayer = Array.from({ length: 50 }, () => ({}));
    listen();
    layer().splice(0, 40);
    layer().push(gtm('view_item'));
    later();
    layer().push(gtm('add_to_cart'));
    expect(heard).toEqual(['view_item', 'add_to_cart']);
  });
});

function wrapPush(): void {
  const inner = layer().push.bind(layer());
  layer().push = (...entries) => inner(...entries);
}

describe('the shop comes first', () => {
  it('its push returns what it returned, and its entries are untouched', () => {
    const entry = Object.freeze(gtm('view_item', { ecommerce: Object.freeze({ value: 5 }) }));
    listen();
    expect(layer().push(entry)).toBe(1);
    expect(layer().push({}, {})).toBe(3);
    expect(layer()[0]).toBe(entry);
  });

  it('its push is called on its own array, with its own arguments', () => {
    const push = vi.fn<(...entries: unknown[]) => number>(() => 42);
    const whole = layer();
    whole.push = push;
    listen();
    const entries = [gtm('view_item'), 5];
    expect(whole.push(...entries)).toBe(42);
    expect(push.mock.calls).toEqual([entries]);
    expect(push.mock.contexts).toEqual([whole]);
  });

  it('an error of ours does not reach it', () => {
    vi.spyOn(console, 'debug').mockImplementation(() => undefined);
    page.dataLayer = [gtm('view_item')];
    listenToDataLayer(() => {
      throw new Error('ours');
    });
    expect(layer().push(gtm('add_to_cart'))).toBe(2);
    vi.mocked(console.debug).mockRestore();
  });

  it('an entry that can’t be read does not reach it', () => {
    vi.spyOn(console, 'debug').mockImplementation(() => undefined);
    const broken = {
      get event(): string {
        throw new Error('theirs');
      },
    };
    listen();
    expect(layer().push(broken, gtm('view_item'))).toBe(2);
    expect(heard).toEqual(['view_item']);
    vi.mocked(console.debug).mockRestore();
  });

  it('an error of its own push stays its own', () => {
    layer().push = () => {
      throw new Error('theirs');
    };
    listen();
    expect(() => layer().push(gtm('view_item'))).toThrow('theirs');
  });
});
