import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { senseTouchExit } from '../../../widget/sensors/touch-exit.ts';

const SCREEN = 800;

let page: EventTarget & { scrollY: number; innerHeight: number };
let root: EventTarget & { visibilityState: string; activeElement: { matches(): boolean } | null };
let report: ReturnType<typeof vi.fn<() => void>>;
let cart: boolean;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  page = Object.assign(new EventTarget(), { scrollY: 0, innerHeight: SCREEN });
  root = Object.assign(new EventTarget(), { visibilityState: 'visible', activeElement: null });
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', root);
  report = vi.fn<() => void>();
  cart = true;
  stop = senseTouchExit(report, () => cart);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const wait = (ms: number) => vi.advanceTimersByTime(ms);
const touch = () => page.dispatchEvent(new Event('touchmove'));
const scrollTo = (y: number, ms = 16) => {
  wait(ms);
  page.scrollY = y;
  page.dispatchEvent(new Event('scroll'));
};
/** By so many pixels a frame, with the finger or right after it. */
const flick = (from: number, to: number, frames: number, ms = 16) => {
  touch();
  for (let frame = 1; frame <= frames; frame++) scrollTo(from + ((to - from) * frame) / frames, ms);
};
const goAway = (ms: number) => {
  root.visibilityState = 'hidden';
  root.dispatchEvent(new Event('visibilitychange'));
  wait(ms);
  root.visibilityState = 'visible';
  root.dispatchEvent(new Event('visibilitychange'));
};

it.each<[what: string, happens: () => void, times: number]>([
  ['a flick up after a screen of reading', () => (scrollTo(900), flick(900, 300, 10)), 1],
  ['two flicks, as one', () => (scrollTo(2_000), flick(2_000, 1_400, 10), flick(1_400, 800, 10)), 1],
  ['reading back slowly', () => (scrollTo(2_000), flick(2_000, 1_000, 100)), 0],
  ['a short flick', () => (scrollTo(2_000), flick(2_000, 1_700, 10)), 0],
  ['a flick up near the top', () => (scrollTo(600), flick(600, 0, 10)), 0],
  ['a flick down', () => (scrollTo(900), flick(900, 2_000, 10)), 0],
  ['a link to the top of the page', () => (scrollTo(2_000), wait(5_000), scrollTo(0)), 0],
  ['being away from a cart', () => goAway(5_000), 1],
  ['a glance at the list of tabs', () => goAway(1_000), 0],
  ['being away twice, as one', () => (goAway(5_000), goAway(5_000)), 1],
])('%s', (_, happens, times) => {
  wait(11_000);
  happens();
  expect(report).toHaveBeenCalledTimes(times);
});

it('being away from a page without a cart is nobody’s loss', () => {
  cart = false;
  wait(11_000);
  goAway(5_000);
  expect(report).not.toHaveBeenCalled();
});

it('nobody leaves in the first seconds', () => {
  scrollTo(900);
  flick(900, 300, 10);
  expect(report).not.toHaveBeenCalled();
});

it('nobody leaves while typing', () => {
  root.activeElement = { matches: () => true };
  wait(11_000);
  scrollTo(900);
  flick(900, 300, 10);
  goAway(5_000);
  expect(report).not.toHaveBeenCalled();
});

it('nothing any more once stopped', () => {
  stop();
  wait(11_000);
  goAway(5_000);
  expect(report).not.toHaveBeenCalled();
});
