import type { Nudge } from '../../../shared/nudge.ts';

/** A nudge as a page gets it. */
export function nudge(id: string, given: Partial<Nudge> = {}): Nudge {
  return { id, seq: 1, kind: 'toast', rule: 'r', priority: 50, title: 'Hello', expiresAt: 1_000, ...given };
}
