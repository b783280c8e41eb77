import type { Nudge, WithdrawReason } from '../../shared/nudge.ts';

/** What a decision asks of the world. Data only; carried out after the commit, and safe to carry out twice. */
export type Effect =
  | { readonly kind: 'push'; readonly nudge: Nudge }
  | {
      readonly kind: 'withdraw';
      readonly id: string;
      readonly reason: WithdrawReason;
      readonly seq: number;
      /** The tab that paints it now. */
      readonly keeper?: string;
      /** The tab that asked for it, and need not be told. */
      readonly reporter?: string;
    };
