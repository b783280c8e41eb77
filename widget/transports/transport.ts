import type { ClaimAck, Decision, TrackAck, Welcome } from '../../shared/hub-messages.ts';
import type { ShopperEvent } from '../../shared/event.ts';
import type { Nudge, WithdrawReason } from '../../shared/nudge.ts';

/** What the hub says, checked and typed. */
export type HubMessage =
  | { readonly name: 'welcome'; readonly message: Welcome }
  | { readonly name: 'nudge'; readonly message: Nudge }
  | {
      readonly name: 'withdraw';
      readonly message: {
        id: string;
        reason: WithdrawReason;
        seq: number;
        keeper?: string;
        reporter?: string;
      };
    }
  | { readonly name: 'decision'; readonly message: Decision }
  | { readonly name: 'closed' };

/** Messages may be lost with the link; acks resolve to null then, and never reject. */
export interface Speaker {
  track(events: readonly ShopperEvent[]): Promise<TrackAck | null>;
  claim(nudge: string, from: 'push' | 'page'): Promise<ClaimAck | null>;
}

/** The link to the hub. It connects and reconnects by itself. */
export interface Transport extends Speaker {
  /** Lets go of the socket; `open` starts it again. */
  close(): void;
  open(): void;
}
