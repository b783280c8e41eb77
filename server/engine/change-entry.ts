import type { Registers } from '../store/registers.ts';
import { HubError } from './hub-error.ts';

/** Hubs that change one entry at once each try so often. */
const MOST_ATTEMPTS = 12;

/** What an entry becomes: its text, which may be good for a time; null: it goes; undefined: it stays as it is. */
export type Changed = string | null | undefined | { readonly text: string; readonly expiresAt: number };

/**
 * Changes an entry, whoever else does. `change` gets its text (null: there is none). It may be called several times; what it
 * throws is thrown, and nothing changes.
 */
export async function changeEntry(
  registers: Registers,
  register: string,
  id: string,
  change: (text: string | null) => Changed,
): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const stored = await registers.read(register, id);
    const changed = change(stored?.text ?? null);
    if (changed === undefined || (changed === null && stored === null)) return;
    const next =
      typeof changed === 'object' && changed !== null ? changed : { text: changed, expiresAt: null };
    if (await registers.write(register, { id, version: (stored?.version ?? 0) + 1, ...next })) return;
  }
  throw new HubError('busy', 'Others keep changing the same.');
}
