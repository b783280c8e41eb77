import type { ClaimAck, TrackAck } from '../../shared/hub-messages.ts';
import { isAck } from './hub-guards.ts';
import type { Speaker } from './transport.ts';

/** After that the link counts as broken for this message. */
export const ACK_WITHIN_MS = 10_000;

/** Resolves to the hub's ack; to null where none has come. */
export type Ask = (name: string, message: unknown) => Promise<unknown>;

/** What a page says, by whatever way. `speaksAs`: its tab, where the hub would take another one for the speaker. */
export function speaker(ask: Ask, tab: () => string, speaksAs: () => string | undefined): Speaker {
  // The hub answers with the ack of this message; a page trusts it as far as painting goes.
  const say = async <T>(name: string, message: unknown): Promise<T | null> => {
    const ack = await ask(name, message);
    return isAck(ack) ? (ack as T) : null;
  };
  return {
    track: (events) => say<TrackAck>('track', { events, sentAt: Date.now(), tab: speaksAs() }),
    claim: (nudge, from) => say<ClaimAck>('claim', { nudge, tab: tab(), from }),
  };
}
