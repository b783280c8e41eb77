import { z } from 'zod';
import { SiteId } from '../../shared/ids.ts';
import { Email } from '../../shared/people.ts';
import { HubError } from '../engine/hub-error.ts';
import type { Registers } from '../store/registers.ts';
import { Documents } from '../engine/documents.ts';

const MOST_SITES = 100;

/** Somebody who signs in. What they may do on a site is in the site's list of people. */
const Account = z.object({
  password: z.string(),
  disabled: z.boolean(),
  /** Where they were taken in; what they may do there now, if anything, the site's list says. */
  sites: z.array(SiteId),
  /** Ids of the sessions that are good, the oldest first: to empty the list ends them all at once. */
  sessions: z.array(z.string()),
  /** Networks from which they have signed in, as hashes: who comes from there is not kept out by strangers' guesses. */
  networks: z.array(z.string()),
});
export type Account = z.infer<typeof Account>;

/** Accounts of the installation, by e-mail. */
export class Accounts {
  readonly #documents: Documents<typeof Account>;

  constructor(registers: Registers) {
    this.#documents = new Documents(registers, 'accounts', Account);
  }

  async read(email: Email): Promise<Account | null> {
    return (await this.#documents.read(email))?.value ?? null;
  }

  /** `make` hears of the account as it is, and throws where that does not do. */
  change(email: Email, make: (before: Account) => Account): Promise<void> {
    return this.#documents.change(email, (before) => {
      if (!before) throw new HubError('not_found', 'There is no such account.');
      return { value: make(before) };
    });
  }

  /** Adds the account unless there is one; false then. */
  async create(email: Email, password: string, site: SiteId): Promise<boolean> {
    let isNew = false;
    await this.#documents.change(email, (before) => {
      isNew = before === null;
      const fresh = { password, disabled: false, sites: [site], sessions: [], networks: [] };
      return isNew ? { value: fresh } : null;
    });
    return isNew;
  }

  /** From now on their sessions are over, and they can't sign in; or they can again. */
  disable(email: Email, disabled: boolean): Promise<void> {
    return this.change(email, (before) => ({ ...before, disabled, sessions: [] }));
  }
}

export function takenIn({ sites, ...rest }: Account, site: SiteId): Account {
  const others = sites.filter((other) => other !== site);
  if (others.length >= MOST_SITES)
    throw new HubError('conflict', `An account has a part in at most ${MOST_SITES} sites.`);
  return { ...rest, sites: [...others, site] };
}
