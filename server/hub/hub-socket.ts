import type { Socket } from 'socket.io';
import type { ACKS, HUB_MESSAGES } from '../../shared/hub-messages.ts';
import type { Page } from '../../shared/page-messages.ts';
import type { SiteId, ShopperId } from '../../shared/ids.ts';
import type { z } from 'zod';
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
  readonly tab: string | null;
  readonly page: Page | null;
  readonly inspect: boolean;
}

interface SocketData {
  visitor: Visitor;
  /** The page that connected. */
  own?: OpenTab;
  /** Pages that speak through its socket, by tab. */
  others?: Map<string, OpenTab>;
}

export type HubSocket = Socket<PageEvents, HubEvents, Record<string, never>, SocketData>;
export type Ack = (answer: z.infer<(typeof ACKS)[keyof typeof ACKS]>) => void;
