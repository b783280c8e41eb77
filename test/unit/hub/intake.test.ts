import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Intake } from '../../../server/hub/intake.ts';
import type { LoopLag } from '../../../server/loop-lag.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function admitted(intake: Intake, tries: number): number {
  return Array.from({ length: tries }, () => intake.admits()).filter(Boolean).length;
}

it('lets in a thousand at once and then a thousand a second, and whoever was refused when it is their turn', () => {
  const intake = new Intake({ recentMs: 0 } as LoopLag);
  expect(admitted(intake, 3_000)).toBe(1_000);
  expect(intake.refused).toBe(2_000);
  vi.advanceTimersByTime(500);
  expect(admitted(intake, 3_000)).toBe(500);
  vi.advanceTimersByTime(60_000);
  expect(admitted(intake, 3_000)).toBe(1_000);
});

it('lets in few while those who are there would be served late, and goes on after that', () => {
  const lag = { recentMs: 251 };
  const intake = new Intake(lag as LoopLag);
  expect(admitted(intake, 10)).toBe(0);
  vi.advanceTimersByTime(50);
  expect(admitted(intake, 10), 'it is late for as long as others keep its computer busy').toBe(1);
  lag.recentMs = 10;
  expect(admitted(intake, 10)).toBe(10);
});
