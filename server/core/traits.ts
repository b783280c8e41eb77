import type { Scalar } from '../../shared/custom-event.ts';
import { draft, type Turn } from './turn.ts';

/** Keeps what the shop's server says of a shopper; null takes a trait back. */
export function noteTraits(turn: Turn, given: Readonly<Record<string, Scalar | null>>): void {
  const { traits } = turn.shopper;
  const known = (name: string) => (Object.hasOwn(traits, name) ? traits[name] : null);
  const isNew = Object.entries(given).some(([name, value]) => known(name) !== value);
  if (!isNew) return;
  const kept = Object.entries({ ...traits, ...given }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  draft(turn).traits = Object.fromEntries(kept) as Record<string, Scalar>;
}
