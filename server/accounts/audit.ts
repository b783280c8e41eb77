import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { SiteId } from '../../shared/ids.ts';
import type { Store } from '../store/store.ts';
import { Documents } from '../engine/documents.ts';

const KEPT_MS = 400 * 24 * 3_600_000;
export const ENTRIES_AT_ONCE = 50;
/** Ids count down, so that a register has the newest first. */
const LAST_MS = 9_999_999_999_999;

/** Who changed something: by which key or account, and how they named themselves beside a key. */
const Author = z.object({
  account: z.string().optional(),
  key: z.object({ id: z.string(), hint: z.string() }).optional(),
  adminKey: z.literal(true).optional(),
  from: z.string().optional(),
});
export type Author = z.infer<typeof Author>;

const Entry = z.object({
  at: z.number(),
  by: Author,
  /** Null: the installation. */
  site: SiteId.nullable(),
  method: z.string(),
  /** The endpoint as its table has it, and what stood in its places. */
  path: z.string(),
  params: z.record(z.string(), z.string()),
  /** Null: it was begun, and how it ended could not be noted. */
  status: z.number().nullable(),
  /** The site's version that came of it, where one did. */
  version: z.number().optional(),
});
export type AuditEntry = z.infer<typeof Entry>;

/** A change that was begun. */
export interface Begun {
  /** Notes how it ended. Where that can't be it stays noted as begun: what is done is done, and is answered. */
  end(status: number, version?: number): Promise<void>;
}

/**
 * Who changed what, when, and what came of it; never what was sent. It is noted before anything is changed, so that what
 * can't be noted does not happen, and again after it. A site's entries are its own: what is done on another drops none.
 */
export class Audit {
  readonly #store: Pick<Store, 'time' | 'registers'>;
  readonly #logger: Pick<Logger, 'warn'>;

  constructor(store: Pick<Store, 'time' | 'registers'>, logger: Pick<Logger, 'warn'>) {
    this.#store = store;
    this.#logger = logger;
  }

  async begin(change: Omit<AuditEntry, 'at' | 'status' | 'version'>): Promise<Begun> {
    const at = await this.#store.time();
    const id = `${String(LAST_MS - at).padStart(13, '0')}-${randomBytes(6).toString('hex')}`;
    const entries = this.#entriesOf(change.site);
    const write = (value: AuditEntry) => entries.change(id, () => ({ value, expiresAt: at + KEPT_MS }));
    const entry = { ...change, at, status: null };
    await write(entry);
    return {
      end: (status, version) =>
        write({ ...entry, status, ...(version === undefined ? {} : { version }) }).catch((error: unknown) =>
          this.#logger.warn({ err: error, site: change.site }, 'how a change ended could not be noted'),
        ),
    };
  }

  /** The newest first, those before the entry with that id; empty: from the newest on. */
  async list(site: SiteId | null, before: string): Promise<{ id: string; entry: AuditEntry }[]> {
    const found = await this.#entriesOf(site).list(before, ENTRIES_AT_ONCE);
    return found.map(({ id, value }) => ({ id, entry: value }));
  }

  #entriesOf(site: SiteId | null): Documents<typeof Entry> {
    return new Documents(this.#store.registers, site === null ? 'audit' : `audit of ${site}`, Entry);
  }
}
