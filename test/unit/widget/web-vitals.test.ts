import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { senseWebVitals } from '../../../widget/sensors/web-vitals.ts';

type Entry = { startTime?: number; duration?: number; interactionId?: number };

let page: EventTarget;
let root: EventTarget & { visibilityState: string };
let hear: Map<string, (entries: Entry[]) => void>;
let supported: string[];
const tell = vi.fn<(vitals: object) => void>();

beforeEach(() => {
  page = new EventTarget();
  root = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  hear = new Map();
  supported = ['event', 'largest-contentful-paint'];
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', root);
  vi.stubGlobal(
    'PerformanceObserver',
    class {
      static get supportedEntryTypes() {
        return supported;
      }
      readonly #note: (list: { getEntries(): Entry[] }) => void;
      constructor(note: (list: { getEntries(): Entry[] }) => void) {
        this.#note = note;
      }
      observe({ type }: { type: string }) {
        hear.set(type, (entries) => this.#note({ getEntries: () => entries }));
      }
      disconnect() {}
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  tell.mockReset();
});

const paints = (...times: number[]) =>
  hear.get('largest-contentful-paint')?.(times.map((startTime) => ({ startTime })));
const interactions = (...durations: number[]) =>
  hear.get('event')?.(durations.map((duration, index) => ({ duration, interactionId: index + 1 })));
const leave = () => {
  root.visibilityState = 'hidden';
  root.dispatchEvent(new Event('visibilitychange'));
};

it.each<[what: string, happens: () => void, expected: object]>([
  ['the largest paint is the last one', () => paints(800, 1_234.6), { lcp: 1_235 }],
  ['the slowest of a few interactions', () => interactions(48, 320, 96), { inp: 320 }],
  [
    'the slowest but one of fifty',
    () => interactions(900, 320, ...Array.from({ length: 48 }, () => 48)),
    { inp: 320 },
  ],
  [
    'the longest event of an interaction',
    () =>
      hear.get('event')?.([
        { duration: 200, interactionId: 7 },
        { duration: 64, interactionId: 7 },
      ]),
    { inp: 200 },
  ],
  ['both', () => (paints(900), interactions(56)), { lcp: 900, inp: 56 }],
])('%s', (_, happens, expected) => {
  senseWebVitals(tell);
  happens();
  expect(tell).not.toHaveBeenCalled();
  leave();
  expect(tell.mock.calls).toEqual([[expected]]);
});

it('they are told once, however often the page is left', () => {
  senseWebVitals(tell);
  paints(900);
  leave();
  leave();
  page.dispatchEvent(new Event('pagehide'));
  expect(tell).toHaveBeenCalledTimes(1);
});

it('a page that goes away at once tells them with its last words', () => {
  senseWebVitals(tell);
  paints(900);
  page.dispatchEvent(new Event('pagehide'));
  expect(tell).toHaveBeenCalledTimes(1);
});

it('a page that was loaded out of sight does not tell when it was painted', () => {
  root.visibilityState = 'hidden';
  senseWebVitals(tell);
  paints(60_000);
  interactions(56);
  leave();
  expect(tell.mock.calls).toEqual([[{ inp: 56 }]]);
});

it('where nothing is known nothing is told: events that are no interaction, and browsers that tell of none', () => {
  senseWebVitals(tell);
  hear.get('event')?.([{ duration: 500, interactionId: 0 }]);
  leave();
  supported = [];
  root.visibilityState = 'visible';
  senseWebVitals(tell);
  leave();
  expect(tell).not.toHaveBeenCalled();
});
