import { z } from 'zod';
import { Events } from './event.ts';
import { NudgeId, TabId } from './ids.ts';
import { Locale } from './localized-text.ts';

/** `auth` of the Socket.IO handshake. The site key only names the site; the token says which shopper. */
export const Handshake = z.object({
  site: z.string().min(1).max(100),
  version: z.number().int().optional(),
  token: z.string().max(200).optional(),
  tab: TabId.optional(),
  page: z.object({ locale: Locale.optional() }).optional(),
  /** What this page saw last. The welcome is complete anyway; kept for hubs that answer with less. */
  lastSeq: z.number().int().min(0).optional(),
  epoch: z.string().max(40).optional(),
  /** Asks to watch decisions; granted where the site's settings say so. */
  inspect: z.boolean().optional(),
});
export type Handshake = z.infer<typeof Handshake>;

export const Track = z.object({ events: Events });

/**
 * A tab asks to paint a nudge. `push`: it just arrived, and the first tab to ask gets it. `page`: the shopper opened
 * or came back to this page, so a countdown follows them here.
 */
export const Claim = z.object({ nudge: NudgeId, tab: TabId, from: z.enum(['push', 'page']) });
export type Claim = z.infer<typeof Claim>;

/** Everything a page may say after the handshake, by message name. */
export const PAGE_MESSAGES = { track: Track, claim: Claim } as const;
