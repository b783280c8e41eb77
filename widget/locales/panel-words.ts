import type { NudgeKind } from '../../shared/nudge-kinds.ts';

type OptionalKind = Exclude<NudgeKind, 'inline'>;

/** Words of the panel: messages and preferences. */
export interface PanelWords {
  readonly inbox: string;
  readonly preferences: string;
  readonly back: string;
  readonly close: string;
  readonly empty: string;
  readonly isNew: string;
  readonly over: string;
  readonly code: string;
  readonly allow: string;
  readonly allowHint: string;
  readonly pause: string;
  readonly pauses: Readonly<Record<'1h' | '1d' | '7d', string>>;
  readonly pausedUntil: (when: string) => string;
  readonly resume: string;
  readonly often: string;
  readonly asFits: string;
  readonly oncePerDay: string;
  readonly kinds: string;
  readonly kind: Readonly<Record<OptionalKind, string>>;
  readonly quiet: string;
  readonly from: string;
  readonly to: string;
  readonly lessOf: (count: number) => string;
  readonly showAgain: string;
  readonly forget: string;
  readonly forgetHint: string;
  readonly forgetNow: string;
  readonly forgotten: string;
  readonly keep: string;
}
