import { durationMs } from '../../shared/duration.ts';
import type { NudgeKind } from '../../shared/nudge-kinds.ts';
import { MOST_LESS_OF, type Preferences, type PreferencesParams } from '../../shared/preferences.ts';

export const noPreferences: Preferences = { doNotDisturb: false, snoozedUntil: null, quietHours: null };

/** With what a shopper has said now. `now`: by the hub's clock. The oldest rules give way where there are too many. */
export function preferencesAfter(before: Preferences, said: PreferencesParams, now: number): Preferences {
  const { snooze, quietHours } = said;
  const fewer = said.fewer ?? before.fewer ?? false;
  const without = said.without ?? before.without ?? [];
  const lessOf = lessOfAfter(before.lessOf ?? [], said.lessOf);
  return {
    doNotDisturb: said.doNotDisturb ?? before.doNotDisturb,
    snoozedUntil:
      snooze === undefined ? before.snoozedUntil : snooze === null ? null : now + durationMs(snooze),
    quietHours: quietHours === undefined ? before.quietHours : quietHours,
    ...(fewer ? { fewer: true as const } : {}),
    ...(without.length > 0 ? { without } : {}),
    ...(lessOf.length > 0 ? { lessOf } : {}),
  };
}

function lessOfAfter(before: readonly string[], said: string | null | undefined): readonly string[] {
  if (said === undefined) return before;
  if (said === null) return [];
  const rule = ruleOf(said);
  return [...before.filter((other) => other !== rule), rule].slice(-MOST_LESS_OF);
}

/** By what a shopper does without such a nudge; null: they have said nothing against it. */
export function declinedBy(
  { without, lessOf }: Preferences,
  { kind, rule }: { readonly kind: NudgeKind; readonly rule: string },
): 'kind' | 'rule' | null {
  if (lessOf?.includes(ruleOf(rule))) return 'rule';
  return without?.includes(kind) ? 'kind' : null;
}

function ruleOf(rule: string): string {
  return rule.split('/', 1)[0] ?? rule;
}
