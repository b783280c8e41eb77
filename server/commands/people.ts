import { parseArgs } from 'node:util';
import { askHub, HUB_OPTIONS, hubAddress, UsageError } from './ask-hub.ts';

export const PEOPLE_USAGE = `cartbell people list --site SITE
cartbell people invite EMAIL --site SITE --role owner
                                            prints a token with which the password is set, also one that was forgotten
cartbell people disable EMAIL               ends their sessions, and keeps them out of all sites until: enable EMAIL
  all of them: [--hub URL] [--json], with the hub's ADMIN_KEY in CARTBELL_ADMIN_KEY
`;

interface Listed {
  readonly people: readonly { email: string; role: string }[];
  readonly invited: readonly { email: string; role: string; expiresAt: number }[];
}

interface Told {
  readonly answer: unknown;
  readonly words: string;
}

/** `cartbell people …`: the first owner of a site, and accounts as a whole. The rest is the owners' own. */
export async function peopleCommand(args: readonly string[]): Promise<Told & { json: boolean }> {
  const options = { ...HUB_OPTIONS, site: { type: 'string' }, role: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [verb, email] = positionals;
  return { ...(await carryOut(verb, email, values)), json: values.json === true };
}

async function carryOut(
  verb: string | undefined,
  email: string | undefined,
  { site, role, hub }: { site?: string | undefined; role?: string | undefined; hub?: string | undefined },
): Promise<Told> {
  if (verb === 'list' && site !== undefined) {
    const answer = await askHub<Listed>(
      hubAddress(hub),
      'GET',
      `/v1/sites/${encodeURIComponent(site)}/people`,
    );
    return { answer, words: inWords(answer) };
  }
  if (email === undefined) throw new UsageError(PEOPLE_USAGE);
  if (verb === 'invite' && site !== undefined && role !== undefined) {
    const path = `/v1/sites/${encodeURIComponent(site)}/people`;
    const answer = await askHub<{ token: string; expiresAt: number }>(hubAddress(hub), 'POST', path, {
      email,
      role,
    });
    const words = `Hand this to ${email}; it is good once, until ${when(answer.expiresAt)}, and not shown again.\n  ${answer.token}\n`;
    return { answer, words };
  }
  if (verb !== 'disable' && verb !== 'enable') throw new UsageError(PEOPLE_USAGE);
  const path = `/v1/accounts/${encodeURIComponent(email)}/disabled`;
  const answer = await askHub(hubAddress(hub), 'PUT', path, { disabled: verb === 'disable' });
  return { answer, words: `${email} ${verb === 'disable' ? 'is kept out' : 'may sign in again'}.\n` };
}

function inWords({ people, invited }: Listed): string {
  const lines = [
    ...people.map(({ email, role }) => `${email}  ${role}`),
    ...invited.map(({ email, role, expiresAt }) => `${email}  ${role}, invited until ${when(expiresAt)}`),
  ];
  return lines.length === 0 ? 'The site has no people yet.\n' : `${lines.join('\n')}\n`;
}

function when(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
