import { z } from 'zod';

/** The id of a site, as in its site file; also part of keys and file names, hence the narrow alphabet. */
export const SiteId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use 1 to 40 of a-z, 0-9 and "-".')
  .brand<'SiteId'>();
export type SiteId = z.infer<typeof SiteId>;

/** Opaque, minted by the hub: 128 random bits in base64url. */
export const ShopperId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, 'Not a shopper id.')
  .brand<'ShopperId'>();
export type ShopperId = z.infer<typeof ShopperId>;

export const EVENT_ID = /^[\w-]{8,64}$/;
/** Made by whoever reports the event, and kept until acked, so that a repeat is recognised. */
export const EventId = z.string().regex(EVENT_ID, 'Use 8 to 64 letters, digits, "_" or "-".');

export const TAB_ID = /^[\w-]{8,40}$/;
/** One browser tab: survives a reload, differs between tabs. */
export const TabId = z.string().regex(TAB_ID, 'Use 8 to 40 letters, digits, "_" or "-".');

export const RuleId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'Use 1 to 60 of a-z, 0-9 and "-".');

export const SegmentId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use 1 to 40 of a-z, 0-9 and "-".');

export const NUDGE_ID = /^[\w-]{8,64}$/;
export const NudgeId = z.string().regex(NUDGE_ID, 'Not a nudge id.');
