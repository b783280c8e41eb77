/** A small document of the installation, such as an account. */
export interface RegisterEntry {
  readonly id: string;
  /** 1 for a new one; one more with each change. */
  readonly version: number;
  readonly text: string;
  /** By the store's clock; null: it stays. */
  readonly expiresAt: number | null;
}

/** What is to become of an entry. `text`: null removes it. */
export type RegisterChange = Omit<RegisterEntry, 'text'> & { readonly text: string | null };

/** Entries that one register holds; past it those whose ids come last go first. */
export const MOST_ENTRIES = 100_000;

/**
 * Lists of small documents that the installation keeps beside shoppers and sites: accounts, sessions, what was changed by whom.
 * They are read and written seldom, one at a time. What every implementation guarantees: `write` is atomic and durable, and of
 * several that write upon one version one alone succeeds; an entry is gone from the moment when it expires, and is wiped from the
 * disk within hours.
 */
export interface Registers {
  read(register: string, id: string): Promise<RegisterEntry | null>;
  /** In the order of their ids, those after `after`. */
  list(register: string, after: string, limit: number): Promise<readonly RegisterEntry[]>;
  /** False when the stored version is no longer `version - 1`; one that is absent or has expired has version 0. */
  write(register: string, change: RegisterChange): Promise<boolean>;
}
