import type { Socket } from 'socket.io';
import type { Binding } from '../core/shopper.ts';
import type { ACKS, HUB_MESSAGES } from '../../shared/hub-messages.ts';
import type { Page } from '../../shared/page-messages.ts';
import type { SiteId, ShopperId } from '../../shared/ids.ts';
import type { z } from 'zod';
import type { SocketLimits } from '../limits/socket-limits.ts';
import type { TokenBucket } from '../limits/token-bucket.ts';
import type { OpenTab } from './shared-socket.ts';

type HubEvents = {
  [Name in keyof typeof HUB_MESSAGES]: (message: z.infer<(typeof HUB_MESSAGES)[Name]>) => void;
};
/** Nothing that a page sends is typed until it was parsed. */
type PageEvents = Record<string, (...parts: unknown[]) => void>;

/** What the handshake has established about a socket. */
export interface Visitor {
  readonly site: SiteId;
  readonly shopper: ShopperId;
  readonly token: string;
  /** A mark of the address that it connected from; null: not known. */
  readonly from: string | null;
  /** Absent: anonymous. */
  readonly binding?: Binding;
  /** Whether the page knew who its shopper is. */
  readonly isReturning: boolean;
  readonly tab: string | null;
  readonly page: Page | null;
  readonly inspect: boolean;
}

/** What a page was let in by: when it is no longer good, the page has to go. */
export interface Pass {
  readonly key: string;
  readonly origin: string | undefined;
}

interface SocketData {
  visitor: Visitor;
  pass?: Pass;
  limits?: SocketLimits;
  /** What all tabs of its shopper share. */
  shopperMessages?: TokenBucket;
  /** It has much to read, and is looked at again soon. */
  isSuspected?: boolean;
  /** The page that connected. */
  own?: OpenTab;
  /** Pages that speak through its socket, by tab. */
  others?: Map<string, OpenTab>;
}

export type HubSocket = Socket<PageEvents, HubEvents, Record<string, never>, SocketData>;
export type Ack = (answer: z.infer<(typeof ACKS)[keyof typeof ACKS]>) => void;
