import { z } from 'zod';
import { SiteId } from '../../shared/ids.ts';
import { Email, Role } from '../../shared/people.ts';
import { HubError } from '../engine/hub-error.ts';
import type { Store } from '../store/store.ts';
import { Documents } from '../engine/documents.ts';
import { hashOfToken, randomToken } from './random-token.ts';

export const INVITED_FOR_MS = 72 * 3_600_000;
/** Of a site, those who are invited among them. */
const MOST_PEOPLE = 200;

/** Who invites: somebody of the site, or who runs the installation. */
export type Inviter = Email | 'operator';

const Invited = z.object({
  role: Role,
  /** Of the token, which the hub does not keep. */
  token: z.string(),
  expiresAt: z.number(),
  by: z.union([z.literal('operator'), Email]),
});
type Invited = z.infer<typeof Invited>;

/** All people of one site in one document, so that two who are taken away at once are not the last two owners. */
const Roll = z.object({ people: z.record(Email, Role), invited: z.record(Email, Invited) });
type Roll = z.infer<typeof Roll>;

/** Whom an invitation's token is for. */
const Slip = z.object({ site: SiteId, email: Email });

export interface Invitation extends z.infer<typeof Slip> {
  readonly by: Inviter;
}

/** Who may do what on which site, and who was invited to. */
export class People {
  readonly #store: Pick<Store, 'time' | 'registers'>;
  readonly #rolls: Documents<typeof Roll>;
  readonly #slips: Documents<typeof Slip>;

  constructor(store: Pick<Store, 'time' | 'registers'>) {
    this.#store = store;
    this.#rolls = new Documents(store.registers, 'people', Roll);
    this.#slips = new Documents(store.registers, 'invitations', Slip);
  }

  async roleOf(email: Email, site: SiteId): Promise<Role | null> {
    return (await this.#read(site)).people[email] ?? null;
  }

  async list(site: SiteId) {
    const { people, invited } = await this.#read(site);
    const now = await this.#store.time();
    return {
      people: Object.entries(people).map(([email, role]) => ({ email, role })),
      invited: Object.entries(invited)
        .filter(([, { expiresAt }]) => expiresAt > now)
        .map(([email, { role, expiresAt, by }]) => ({ email, role, expiresAt, by })),
    };
  }

  /** Resolves with the token to hand over; it is nowhere else. One that was given for the same person before is worth nothing. */
  async invite(
    site: SiteId,
    email: Email,
    role: Role,
    by: Inviter,
  ): Promise<{ token: string; expiresAt: number }> {
    const token = randomToken();
    const now = await this.#store.time();
    const expiresAt = now + INVITED_FOR_MS;
    const id = hashOfToken(token);
    let replaced: string | undefined;
    await this.#change(site, ({ people, invited }) => {
      if (by !== 'operator' && people[by] !== 'owner')
        throw new HubError('forbidden', 'Whoever invites has to be an owner of the site.');
      if (people[email] !== undefined && by !== 'operator')
        throw new HubError('conflict', 'They are one of the site’s people already.');
      const open = Object.entries(invited).filter(
        ([other, { expiresAt: end }]) => end > now && other !== email,
      );
      if (Object.keys(people).length + open.length >= MOST_PEOPLE)
        throw new HubError('conflict', `A site has at most ${MOST_PEOPLE} people.`);
      replaced = invited[email]?.token;
      return {
        people,
        invited: { ...Object.fromEntries(open), [email]: { role, token: id, expiresAt, by } },
      };
    });
    // All sites share the slips: there are no more of them than a site may have people.
    if (replaced !== undefined) await this.#slips.change(replaced, (slip) => slip && { value: null });
    await this.#slips.change(id, () => ({ value: { site, email }, expiresAt }));
    return { token, expiresAt };
  }

  /** Whom a token invites; null for one that is spent, over or made up. */
  async invitation(token: string): Promise<Invitation | null> {
    const slip = (await this.#slips.read(hashOfToken(token)))?.value;
    if (!slip) return null;
    const invited = (await this.#read(slip.site)).invited[slip.email];
    return isMeant(invited, token) ? { ...slip, by: invited.by } : null;
  }

  /** Spends the invitation: they have the role from now on. False when it was spent meanwhile. */
  async accept({ site, email }: Invitation, token: string): Promise<boolean> {
    let isSpent = false;
    await this.#change(site, ({ people, invited: { [email]: invited, ...others } }) => {
      isSpent = isMeant(invited, token);
      if (!isMeant(invited, token)) return null;
      const next = { ...people, [email]: invited.role };
      if (people[email] === 'owner') expectOwner(next);
      return { people: next, invited: others };
    });
    await this.#slips.change(hashOfToken(token), (slip) => slip && { value: null });
    return isSpent;
  }

  async putRole(site: SiteId, email: Email, role: Role): Promise<void> {
    await this.#change(site, (before) => {
      if (before.people[email] === undefined) throw unknown();
      const people = { ...before.people, [email]: role };
      expectOwner(people);
      return { people, invited: role === 'owner' ? before.invited : withoutThoseOf(email, before.invited) };
    });
  }

  /** Takes somebody off the site, whether they are there or are invited, with the invitations that they gave. */
  async remove(site: SiteId, email: Email): Promise<void> {
    await this.#change(site, (before) => {
      const { [email]: role, ...people } = before.people;
      const { [email]: own, ...invited } = before.invited;
      if (role === undefined && own === undefined) throw unknown();
      if (role === 'owner') expectOwner(people);
      return { people, invited: withoutThoseOf(email, invited) };
    });
  }

  async #read(site: SiteId): Promise<Roll> {
    return (await this.#rolls.read(site))?.value ?? { people: {}, invited: {} };
  }

  #change(site: SiteId, make: (before: Roll) => Roll | null): Promise<void> {
    return this.#rolls.change(site, (before) => {
      const value = make(before ?? { people: {}, invited: {} });
      return value && { value };
    });
  }
}

/** What an owner has handed out ends with their say. */
function withoutThoseOf(email: Email, invited: Roll['invited']): Roll['invited'] {
  return Object.fromEntries(Object.entries(invited).filter(([, { by }]) => by !== email));
}

function isMeant(invited: Invited | undefined, token: string): invited is Invited {
  return invited?.token === hashOfToken(token);
}

function expectOwner(people: Roll['people']): void {
  if (!Object.values(people).includes('owner'))
    throw new HubError('conflict', 'The last owner of a site stays: make somebody else an owner first.');
}

function unknown(): HubError {
  return new HubError('not_found', 'Nobody with this e-mail is one of the site’s people.');
}
