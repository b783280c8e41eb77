import type { Configuration } from './configuration.ts';
import { BARE, EMBEDDED, type Figures, medianOf } from './figures.ts';
import { PACE_PER_SECOND } from './plan.ts';
import type { Panel, Plot, Series } from './svg-plot.ts';

/** Throughput, p99, memory and CPU against the number of hubs. */
export function loadPlot(figures: Figures, hubs: readonly number[], subtitle: string): Plot {
  return {
    title: 'Cartbell under load',
    subtitle,
    xTitle: 'hub nodes',
    xLabels: hubs.map(String),
    panels: [throughput(figures, hubs), latencies(figures, hubs), memory(figures, hubs), cpu(figures, hubs)],
  };
}

/** A figure of one hub stands at the left end, where one node is. */
function lineOver<Figure extends Configuration>(
  hubs: readonly number[],
  figures: readonly Figure[],
  pick: (figure: Figure) => number,
): { redis: Series; embedded: Series; bare: Series } {
  const redis = hubs.map((nodes) => medianOf(figures, { kind: 'redis', nodes }, pick));
  const embedded = hubs.map((nodes) => (nodes === 1 ? medianOf(figures, EMBEDDED, pick) : Number.NaN));
  return {
    redis: { name: 'Cartbell, Redis', values: redis, as: 'line', look: 'blue' },
    embedded: { name: 'Cartbell, embedded', values: embedded, as: 'line', look: 'orange' },
    bare: {
      name: 'bare Socket.IO, one process',
      values: [medianOf(figures, BARE, pick)],
      as: 'level',
      look: 'black',
    },
  };
}

function throughput({ events }: Figures, hubs: readonly number[]): Panel {
  const all = lineOver(hubs, events, ({ sparse }) => sparse.perSecond);
  const each = lineOver(hubs, events, ({ sparse }) => sparse.perHubCpuSecond);
  return {
    title: 'Events with durable acks',
    yTitle: 'events per second',
    series: [
      all.redis,
      all.embedded,
      { ...each.redis, name: 'Redis, per hub CPU second', look: 'green' },
      { ...all.bare, name: 'bare Socket.IO, not durable' },
    ],
  };
}

function latencies({ events }: Figures, hubs: readonly number[]): Panel {
  const ack = lineOver(hubs, events, ({ paced }) => paced.ack.p99);
  const nudge = lineOver(hubs, events, ({ paced }) => paced.nudge.p99);
  const elsewhere = lineOver(hubs, events, ({ paced }) => paced.elsewhere?.p99 ?? Number.NaN);
  return {
    title: `p99 at ${PACE_PER_SECOND} events per second`,
    yTitle: 'milliseconds',
    series: [
      { ...ack.redis, name: 'ack, Redis' },
      { ...nudge.redis, name: 'nudge, same node, Redis', look: 'green' },
      { ...elsewhere.redis, name: 'nudge, other node, Redis', look: 'pink' },
      { ...nudge.embedded, name: 'nudge, embedded' },
      { ...nudge.bare, name: 'bare Socket.IO' },
    ],
  };
}

function memory({ sockets }: Figures, hubs: readonly number[]): Panel {
  const { redis, embedded, bare } = lineOver(hubs, sockets, ({ weight }) => weight.rss / 1000);
  return { title: 'Memory per idle shopper', yTitle: 'kB (RSS)', series: [redis, embedded, bare] };
}

function cpu({ events }: Figures, hubs: readonly number[]): Panel {
  const own = lineOver(hubs, events, ({ sparse }) => sparse.hubCpuMs);
  const store = lineOver(hubs, events, ({ sparse }) => sparse.redisCpuMs);
  return {
    title: 'CPU per 1,000 events',
    yTitle: 'milliseconds of CPU',
    series: [
      { ...own.redis, name: 'all hubs, Redis' },
      own.embedded,
      { ...store.redis, name: 'Redis itself', look: 'green' },
      own.bare,
    ],
  };
}
