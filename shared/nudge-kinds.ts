/**
 * `toast`, `recommendation`, `countdown` and `progress` appear above the page, one at a time; `bar` along its edge; `inline`
 * in a place that the shop has marked.
 */
export const NUDGE_KINDS = ['toast', 'countdown', 'recommendation', 'progress', 'inline', 'bar'] as const;
export type NudgeKind = (typeof NUDGE_KINDS)[number];

/** Whether it is still good after a click, and follows the shopper to the page that they open next. */
export function staysOn(kind: NudgeKind): boolean {
  return kind === 'countdown' || kind === 'progress' || kind === 'inline';
}

/** Whether it interrupts nobody, since it stands in the page itself. */
export function isQuiet(kind: NudgeKind): boolean {
  return kind === 'inline';
}

/** Where a nudge is painted; each area has one at a time. */
export type Area = 'card' | 'bar' | `slot ${string}`;

export function areaOf({
  kind,
  slot = '',
}: {
  readonly kind: NudgeKind;
  readonly slot?: string | undefined;
}): Area {
  if (kind === 'inline') return `slot ${slot}`;
  return kind === 'bar' ? 'bar' : 'card';
}
