import { describe, expect, it } from 'vitest';
import type { EventFigure, EventWindow } from '../../load/event-runs.ts';
import { configurationsOf, type Figures, medianOf, roundsOf } from '../../load/figures.ts';
import { goalsOf } from '../../load/goals.ts';
import type { Kind } from '../../load/deployment.ts';
import { planOf } from '../../load/plan.ts';
import type { PushFigure } from '../../load/push-runs.ts';
import type { SocketFigure } from '../../load/socket-runs.ts';

const plan = planOf(false, 10_000);

function eventWindow(perHubCpuSecond: number, failed = 0): EventWindow {
  const latency = { p50: 1, p99: 2 };
  return {
    perSecond: perHubCpuSecond,
    perHubCpuSecond,
    hubCpuMs: 1e6 / perHubCpuSecond,
    redisCpuMs: 0,
    ack: latency,
    nudge: latency,
    elsewhere: null,
    generatorBusy: 0.5,
    failed,
  };
}

function eventFigure(kind: Kind, sparse: number, full: number, failed = 0): EventFigure {
  const windows = { paced: eventWindow(500), sparse: eventWindow(sparse), full: eventWindow(full, failed) };
  return { kind, nodes: 1, round: 0, ramp: [], ...windows, underWay: 200, delayedSyncs: 0 };
}

function socketFigure(kind: Kind, kB: number, connectSeconds: number, open = 10_000): SocketFigure {
  const weight = { rss: kB * 1000, heap: kB * 500 };
  const most = { sockets: 10_000, open, weight, failed: 0, ackP99: 2 };
  return {
    kind,
    nodes: 1,
    round: 0,
    connects: 5_000,
    connectSeconds,
    perCpuSecond: 1_600,
    refusals: 0,
    weight,
    most,
  };
}

function pushFigure(kind: Kind, p99: number): PushFigure {
  const cost = { sender: 200, receiver: 100, others: Number.NaN, redis: 50 };
  const [apart, here] = [cost, cost];
  const latency = { p50: 1, p99 };
  const times = { ack: latency, nudge: latency, elsewhere: latency };
  return {
    kind,
    nodes: 2,
    round: 0,
    apart,
    here,
    restBusy: 0,
    redisRestBusy: 0,
    ...times,
    perSecond: 500,
    failed: 0,
    delayedSyncs: 0,
  };
}

const good: Figures = {
  events: [
    eventFigure('bare', 40_000, 30_000),
    eventFigure('embedded', 16_000, 8_000),
    eventFigure('redis', 11_000, 6_000),
  ],
  sockets: [socketFigure('bare', 16, 3), socketFigure('embedded', 23, 5), socketFigure('redis', 24, 6)],
  pushes: [pushFigure('sharded', 3), pushFigure('redis', 6), pushFigure('classic', 4)],
};

function failedOf(figures: Figures): string[] {
  return goalsOf(figures, plan)
    .filter(({ isMet }) => !isMet)
    .map(({ goal }) => goal);
}

describe('goals', () => {
  it('are all met by what is good enough', () => {
    expect(failedOf(good)).toEqual([]);
    expect(goalsOf(good, plan)).toHaveLength(10);
  });

  it('compare events with durable acks with bare Socket.IO that pushes for each, and tell the rest', () => {
    const [embedded, redis] = goalsOf(good, plan, ['events']);
    expect(embedded?.measured).toBe(
      '53 % (16,000 to 30,000; both with a nudge for 1 in 10: 40 %, for each: 27 %)',
    );
    expect(redis?.goal).toContain('35 %');
    const events = [...good.events.slice(0, 2), eventFigure('redis', 10_000, 6_000)];
    expect(failedOf({ ...good, events })).toEqual([redis?.goal]);
  });

  it('are for memory and connects', () => {
    const sockets = [...good.sockets.slice(0, 2), socketFigure('redis', 24.1, 6.1)];
    expect(failedOf({ ...good, sockets })).toEqual([
      'memory per idle shopper, Redis: <= 1.5 times bare Socket.IO',
      "5,000 connects, Redis: within 2 times bare Socket.IO's time",
    ]);
  });

  it('are for 10,000 sockets, less one is none', () => {
    const sockets = [...good.sockets.slice(0, 2), socketFigure('redis', 20, 5, 9_999)];
    expect(failedOf({ ...good, sockets })).toEqual([
      '10,000 sockets on one node, Redis, and events still acked',
    ]);
  });

  it('are for the way to another node', () => {
    const pushes = [pushFigure('sharded', 3), pushFigure('redis', 6.1)];
    const [failed = ''] = failedOf({ ...good, pushes });
    expect(failed).toContain('nudge on another node at 500/s: p99 <= 2 times');
  });

  it('are not met by an event that got no answer', () => {
    const events = [...good.events, eventFigure('embedded', 16_000, 8_000, 1)];
    expect(failedOf({ ...good, events })).toEqual(['no event refused or unanswered']);
    const [failed] = goalsOf({ ...good, events }, plan, []);
    expect(failed?.measured).toBe('1 failed (Cartbell, embedded)');
  });

  it('are not met by what was not measured', () => {
    const goals = goalsOf({ events: [], sockets: [], pushes: [] }, plan);
    expect(goals.filter(({ isMet }) => isMet)).toEqual([]);
  });
});

describe('figures', () => {
  const figures = [1, 9, 2].map((seconds) => socketFigure('bare', 16, seconds));
  const all = [...figures, socketFigure('redis', 20, 5)];

  it('are medians over the rounds of a configuration', () => {
    const seconds = (figure: SocketFigure) => figure.connectSeconds;
    expect(medianOf(all, { kind: 'bare', nodes: 1 }, seconds)).toBe(2);
    expect(medianOf(all, { kind: 'redis', nodes: 2 }, seconds)).toBeNaN();
  });

  it('are of configurations, each named once', () => {
    expect(configurationsOf(all)).toEqual([
      { kind: 'bare', nodes: 1 },
      { kind: 'redis', nodes: 1 },
    ]);
    expect(roundsOf(all, { kind: 'bare', nodes: 1 })).toBe(3);
  });
});
