import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { senseEngagement } from '../../../widget/sensors/engagement.ts';

let page: EventTarget & { scrollY: number; innerHeight: number };
let root: EventTarget & { visibilityState: string; documentElement: { scrollHeight: number } };
const tell = vi.fn<(name: string, params: object) => void>();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  page = Object.assign(new EventTarget(), { scrollY: 0, innerHeight: 800 });
  root = Object.assign(new EventTarget(), {
    visibilityState: 'visible',
    documentElement: { scrollHeight: 4_000 },
  });
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', root);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  tell.mockReset();
});

const wait = (ms: number) => vi.advanceTimersByTime(ms);
const scrollTo = (y: number) => {
  page.scrollY = y;
  page.dispatchEvent(new Event('scroll'));
};
const turn = (visibilityState: 'visible' | 'hidden') => {
  root.visibilityState = visibilityState;
  root.dispatchEvent(new Event('visibilitychange'));
};
const dwelt = (ms: number) => ['user_engagement', { engagement_time_msec: ms }];

describe('how far a page is read', () => {
  it('is told once, when nine tenths of it have been in sight', () => {
    senseEngagement(tell);
    scrollTo(2_799);
    expect(tell).not.toHaveBeenCalled();
    scrollTo(2_800);
    scrollTo(0);
    scrollTo(3_200);
    expect(tell.mock.calls).toEqual([['scroll', { percent_scrolled: 90 }]]);
  });

  it('is not told of a page that nobody scrolls', () => {
    root.documentElement.scrollHeight = 800;
    senseEngagement(tell);
    expect(tell).not.toHaveBeenCalled();
  });
});

describe('how long a page is in sight', () => {
  it('is told each time that it is left, without the time between', () => {
    senseEngagement(tell);
    wait(5_000);
    turn('hidden');
    wait(60_000);
    turn('visible');
    wait(2_500);
    page.dispatchEvent(new Event('pagehide'));
    turn('hidden');
    expect(tell.mock.calls).toEqual([dwelt(5_000), dwelt(2_500)]);
  });

  it('begins when a page that was opened out of sight is looked at', () => {
    root.visibilityState = 'hidden';
    senseEngagement(tell);
    wait(60_000);
    turn('visible');
    wait(3_000);
    turn('hidden');
    expect(tell.mock.calls).toEqual([dwelt(3_000)]);
  });

  it('of a page that is only passed through is not worth a word', () => {
    senseEngagement(tell);
    wait(999);
    turn('hidden');
    expect(tell).not.toHaveBeenCalled();
  });
});

it('nothing any more once stopped', () => {
  senseEngagement(tell)();
  wait(5_000);
  scrollTo(3_200);
  turn('hidden');
  expect(tell).not.toHaveBeenCalled();
});
