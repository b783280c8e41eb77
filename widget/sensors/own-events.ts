import type { SeenEvent } from '../event-queue.ts';
import { isFields } from '../fields.ts';

const NAME = /^[A-Za-z]\w{0,39}$/;
const MOST_PARAMS = 25;
const LONGEST_TEXT = 200;

/** An event of the shop's own, called by its name. Which of its parameters are kept, the hub knows. */
export function captureOwn(name: string, given: unknown): SeenEvent | null {
  if (!NAME.test(name)) return null;
  const scalars = Object.entries(isFields(given) ? given : {}).filter(
    ([key, value]) => NAME.test(key) && isScalar(value),
  );
  return { name, params: Object.fromEntries(scalars.slice(0, MOST_PARAMS)) };
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT;
  return typeof value === 'boolean' || Number.isFinite(value);
}
