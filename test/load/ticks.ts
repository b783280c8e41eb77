const STEPS = [1, 2, 2.5, 5, 10];
const MOST_TICKS = 6;

/** Round numbers from 0 to at least the largest value, few enough to be read. */
export function ticksUpTo(largest: number): number[] {
  if (!(largest > 0) || !Number.isFinite(largest)) return [0, 1];
  const rough = largest / (MOST_TICKS - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((each) => each * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const count = Math.ceil(largest / step - 1e-9);
  // Multiplied, not added up: 0.1 + 0.2 is no label.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** All of an axis alike: in thousands where the largest one is long. */
export function tickLabel(value: number, largest: number): string {
  if (largest >= 10_000 && value !== 0) return `${Number((value / 1000).toPrecision(6))}k`;
  return value.toLocaleString('en', { maximumFractionDigits: 3 });
}
