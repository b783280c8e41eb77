import { draft, type Turn } from './turn.ts';

/** Where the shop may write to a shopper, sealed: nothing is decided by it, and who reads the store can't read it. */
export interface Contact {
  readonly email?: string;
  readonly phone?: string;
}

/** What the shop's server says of it; null takes one back. */
export type GivenContact = { readonly [Name in keyof Contact]?: string | null | undefined };

export function noteContact(turn: Turn, given: GivenContact): void {
  const kept = Object.entries({ ...turn.shopper.contact, ...given }).filter(
    ([, sealed]) => typeof sealed === 'string',
  );
  draft(turn).contact = Object.fromEntries(kept);
}
