import { tickLabel, ticksUpTo } from './ticks.ts';

export interface Series {
  readonly name: string;
  /** One for each place on the x axis; what is not finite was not measured. */
  readonly values: readonly number[];
  /** `level`: one figure, drawn across as something to compare by. */
  readonly as: 'line' | 'level';
  /** The same look in each panel for what is of the same kind. */
  readonly look: Look;
}

export interface Panel {
  readonly title: string;
  readonly yTitle: string;
  readonly series: readonly Series[];
}

export interface Plot {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  readonly xLabels: readonly string[];
  /** Two in a row. */
  readonly panels: readonly Panel[];
}

/** Okabe and Ito's colours, without those that are faint on white: told apart by all, and by marker and dash besides. */
const LOOKS = {
  blue: { colour: '#0072B2', dash: '', marker: 'circle' },
  orange: { colour: '#D55E00', dash: '7 3', marker: 'square' },
  green: { colour: '#009E73', dash: '2 3', marker: 'triangle' },
  pink: { colour: '#CC79A7', dash: '9 3 2 3', marker: 'diamond' },
  black: { colour: '#000000', dash: '1 2', marker: 'circle' },
} as const;
export type Look = keyof typeof LOOKS;
type Style = (typeof LOOKS)[Look];

const WIDTH = 960;
const HEAD = 78;
const PANEL = { width: WIDTH / 2, height: 330 } as const;
/** Where the figures are drawn, within a panel. */
const AREA = { left: 72, right: 24, top: 34, bottom: 108 } as const;
const INNER = {
  width: PANEL.width - AREA.left - AREA.right,
  height: PANEL.height - AREA.top - AREA.bottom,
} as const;
const INK = '#1a1a1a';
const GRID = '#dddddd';

/** Panels of lines over the same few places, as an image of its own. */
export function svgOf({ title, subtitle, xTitle, xLabels, panels }: Plot): string {
  const height = HEAD + Math.ceil(panels.length / 2) * PANEL.height;
  const drawn = panels.map((panel, index) => {
    const at = `translate(${(index % 2) * PANEL.width} ${HEAD + Math.floor(index / 2) * PANEL.height})`;
    return `<g transform="${at}">${panelOf(panel, xTitle, xLabels)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">`,
    `<title id="title">${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(24, 34, title, 'font-size="20" font-weight="600"'),
    text(24, 56, subtitle, 'fill="#555555"'),
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function panelOf({ title, yTitle, series }: Panel, xTitle: string, xLabels: readonly string[]): string {
  const known = series.filter(({ values }) => values.some(Number.isFinite));
  const ticks = ticksUpTo(Math.max(0, ...known.flatMap(({ values }) => values.filter(Number.isFinite))));
  const top = ticks.at(-1) ?? 1;
  const x = (place: number) => AREA.left + (INNER.width * (place + 0.5)) / xLabels.length;
  const y = (value: number) => AREA.top + INNER.height * (1 - value / top);
  const bottom = AREA.top + INNER.height;
  return [
    text(AREA.left, 20, title, 'font-size="14" font-weight="600"'),
    ...ticks.map((tick) => gridLine(y(tick), tickLabel(tick, top))),
    line(AREA.left, bottom, AREA.left + INNER.width, bottom, `stroke="${INK}"`),
    ...xLabels.map((label, place) => text(x(place), bottom + 18, label, 'text-anchor="middle"')),
    text(AREA.left + INNER.width / 2, bottom + 36, xTitle, 'text-anchor="middle" fill="#555555"'),
    verticalText(18, AREA.top + INNER.height / 2, yTitle),
    ...known.map((each) => seriesOf(each, x, y)),
    ...known.map((each, row) => legendOf(each, row, bottom + 54)),
    known.length === 0 ? text(AREA.left + 12, AREA.top + 24, 'not measured', 'fill="#555555"') : '',
  ].join('');
}

function seriesOf(
  { values, as, look }: Series,
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  const style = LOOKS[look];
  const stroke = `fill="none" stroke="${style.colour}" stroke-width="2" stroke-dasharray="${style.dash}"`;
  if (as === 'level') {
    const level = values.find(Number.isFinite) ?? 0;
    return line(AREA.left, y(level), AREA.left + INNER.width, y(level), stroke);
  }
  const points = values.flatMap((value, place) =>
    Number.isFinite(value) ? [{ x: x(place), y: y(value) }] : [],
  );
  const path = points.map((point) => `${round(point.x)},${round(point.y)}`).join(' ');
  const connected = points.length > 1 ? `<polyline points="${path}" ${stroke}/>` : '';
  return connected + points.map((point) => markerAt(point.x, point.y, style)).join('');
}

/** Two in a row, below the axis. */
function legendOf({ name, as, look }: Series, row: number, top: number): string {
  const style = LOOKS[look];
  const left = AREA.left - 40 + (row % 2) * 215;
  const y = top + Math.floor(row / 2) * 18;
  const stroke = `stroke="${style.colour}" stroke-width="2" stroke-dasharray="${style.dash}"`;
  const marker = as === 'line' ? markerAt(left + 14, y - 4, style) : '';
  return line(left, y - 4, left + 28, y - 4, stroke) + marker + text(left + 36, y, name, '');
}

function markerAt(x: number, y: number, { marker, colour }: Style): string {
  const [left, top] = [round(x), round(y)];
  const paint = `fill="${colour}" stroke="#ffffff" stroke-width="1"`;
  switch (marker) {
    case 'circle':
      return `<circle cx="${left}" cy="${top}" r="4.5" ${paint}/>`;
    case 'square':
      return `<path d="M${left} ${top}m-4.5-4.5h9v9h-9z" ${paint}/>`;
    case 'triangle':
      return `<path d="M${left} ${top}m0-5.5l5.5 10h-11z" ${paint}/>`;
    case 'diamond':
      return `<path d="M${left} ${top}m0-6l6 6l-6 6l-6-6z" ${paint}/>`;
  }
}

function gridLine(y: number, label: string): string {
  const words = text(AREA.left - 8, y + 4, label, 'text-anchor="end"');
  return line(AREA.left, y, AREA.left + INNER.width, y, `stroke="${GRID}"`) + words;
}

function line(fromX: number, fromY: number, toX: number, toY: number, more: string): string {
  return `<line x1="${round(fromX)}" y1="${round(fromY)}" x2="${round(toX)}" y2="${round(toY)}" ${more}/>`;
}

function text(x: number, y: number, words: string, more: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${more}>${escaped(words)}</text>`;
}

function verticalText(x: number, y: number, words: string): string {
  return `<text transform="translate(${round(x)} ${round(y)}) rotate(-90)" text-anchor="middle" fill="#555555">${escaped(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
