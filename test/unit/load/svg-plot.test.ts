import { describe, expect, it } from 'vitest';
import { type Series, svgOf } from '../../load/svg-plot.ts';
import { tickLabel, ticksUpTo } from '../../load/ticks.ts';

const redis: Series = { name: 'Redis', values: [10, 20, 35], as: 'line', look: 'blue' };
const bare: Series = { name: 'bare', values: [40], as: 'level', look: 'black' };

function plot(series: readonly Series[], title = 'Under load'): string {
  return svgOf({
    title,
    subtitle: 'two cores',
    xTitle: 'hub nodes',
    xLabels: ['1', '2', '4'],
    panels: [{ title: 'Memory', yTitle: 'kB', series }],
  });
}

describe('a plot', () => {
  it('names itself, its axes and its lines', () => {
    const svg = plot([redis, bare]);
    for (const words of [
      'Under load',
      'two cores',
      'Memory',
      'kB',
      'hub nodes',
      'Redis',
      'bare',
      '1',
      '2',
      '4',
    ])
      expect(svg).toContain(`>${words}<`);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 960 \d+"/);
    expect(svg).toContain('fill="#ffffff"');
  });

  it('puts larger values higher up, and the largest within the panel', () => {
    const [, points = ''] = /<polyline points="([^"]+)"/.exec(plot([redis, bare])) ?? [];
    const places = points.split(' ').map((point) => point.split(',').map(Number));
    const heights = places.map(([, y = Number.NaN]) => y);
    expect(places).toHaveLength(3);
    expect(heights).toEqual(heights.toSorted((a, b) => b - a));
    expect(Math.min(...heights)).toBeGreaterThan(34);
  });

  it('leaves out what was not measured', () => {
    const none: Series = { name: 'nothing', values: [Number.NaN, Number.NaN], as: 'line', look: 'green' };
    const gap: Series = { ...redis, values: [Number.NaN, 20, Number.POSITIVE_INFINITY] };
    const svg = plot([gap, none]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|nothing/);
    // One place is no line.
    expect(svg).not.toContain('<polyline');
    expect(svg).toContain('<circle');
  });

  it('says so where nothing was measured at all', () => {
    expect(plot([{ ...redis, values: [] }])).toContain('not measured');
  });

  it('shows words as they are', () => {
    expect(plot([redis], '<b> & "c"')).toContain('&lt;b&gt; &amp; &quot;c&quot;');
  });

  it('has every tag closed', () => {
    const svg = plot([redis, bare]);
    const opened = svg.match(/<(?!\/)[a-z]+[^>]*[^/]>/g) ?? [];
    const closed = svg.match(/<\/[a-z]+>/g) ?? [];
    expect(opened).toHaveLength(closed.length);
  });
});

describe('ticks', () => {
  it.each([
    [35, [0, 10, 20, 30, 40]],
    [12_400, [0, 2_500, 5_000, 7_500, 10_000, 12_500]],
    [0.7, [0, 0.2, 0.4, 0.6, 0.8]],
    [100, [0, 20, 40, 60, 80, 100]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('up to %d are round', (largest, ticks) => {
    expect(ticksUpTo(largest)).toEqual(ticks);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('up to %d there are still two', (largest) => {
    expect(ticksUpTo(largest)).toEqual([0, 1]);
  });

  it('are written alike along an axis', () => {
    expect([0, 2_500, 12_500].map((tick) => tickLabel(tick, 12_500))).toEqual(['0', '2.5k', '12.5k']);
    expect([0, 500, 2_500].map((tick) => tickLabel(tick, 2_500))).toEqual(['0', '500', '2,500']);
    expect(tickLabel(0.25, 1)).toBe('0.25');
  });
});
