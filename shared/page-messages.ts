import { z } from 'zod';
import { Events, PageLocation } from './event.ts';
import { NudgeId, TabId } from './ids.ts';
import { Locale } from './localized-text.ts';
import { TimeZone } from './time-zone.ts';

export const DEVICES = ['desktop', 'mobile', 'tablet'] as const;

const Label = z.string().max(100);

/** Where a page stands, as far as rules ask. A zone that the hub does not know counts as none. */
export const Page = z.object({
  locale: Locale.optional(),
  timeZone: TimeZone.optional().catch(undefined),
  device: z.enum(DEVICES).optional(),
  /** A program says of itself, or is known by its name, that it and no person looks at the page. */
  bot: z.boolean().optional(),
  /** Its path, without query and fragment. */
  path: PageLocation.optional(),
  /** The host that the shopper came from, where it is not the shop itself. */
  referrer: Label.optional(),
  utm: z
    .object({ source: Label.optional(), medium: Label.optional(), campaign: Label.optional() })
    .optional(),
});
export type Page = z.infer<typeof Page>;

/** `auth` of the Socket.IO handshake. The site key only names the site; the token says which shopper. */
export const Handshake = z.object({
  site: z.string().min(1).max(100),
  version: z.number().int().optional(),
  token: z.string().max(200).optional(),
  /** Who the shopper is, by a token that the shop has signed. */
  identity: z.string().max(2_000).optional(),
  tab: TabId.optional(),
  page: Page.optional(),
  /** What this page saw last. The welcome is complete anyway; kept for hubs that answer with less. */
  lastSeq: z.number().int().min(0).optional(),
  epoch: z.string().max(40).optional(),
  /** Asks to watch decisions; granted where the site's settings say so. */
  inspect: z.boolean().optional(),
});
export type Handshake = z.infer<typeof Handshake>;

/** Tabs of one browser may share a socket: one more says who it is and where it stands, and is answered as if welcomed. */
export const Open = z.object({ tab: TabId, page: Page.optional() });
export type Open = z.infer<typeof Open>;

export const Track = z.object({
  events: Events,
  /** Which of those that share the socket it was; absent: the one that connected. */
  tab: TabId.optional(),
  /** Milliseconds since 1970 by the page's clock as it sends: how old each event is tells this less its `at`. */
  sentAt: z.number().int().min(0).max(8.64e15).optional(),
});

/**
 * A tab asks to paint a nudge. `push`: it just arrived, and the first tab to ask gets it. `page`: the shopper opened
 * or came back to this page, so a countdown follows them here.
 */
export const Claim = z.object({ nudge: NudgeId, tab: TabId, from: z.enum(['push', 'page']) });
export type Claim = z.infer<typeof Claim>;

/** Everything a page may say after the handshake, by message name. */
export const PAGE_MESSAGES = { open: Open, track: Track, claim: Claim } as const;
