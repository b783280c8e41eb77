import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { KeyInfo, ShownKey, SiteInfo } from '../engine/site-admin.ts';
import { askHub, HUB_OPTIONS, type HubAddress, hubAddress, UsageError } from './ask-hub.ts';

export const SITES_USAGE = `cartbell sites list
cartbell sites create FILE                  a site file without keys; prints the keys, once
cartbell sites rotate SITE --kind secret    a new key; the others go on: [--overlap 24h]
cartbell sites revoke SITE KEY              by the key's id; it is refused from now on
cartbell sites origins SITE URL…            replaces the origins
  all of them: [--hub URL] [--json], with the hub's ADMIN_KEY in CARTBELL_ADMIN_KEY
`;

interface Options {
  readonly kind?: string | undefined;
  readonly overlap?: string | undefined;
}

/** What the hub answered, and the same in words. */
interface Told {
  readonly answer: unknown;
  readonly words: string;
}

/** `cartbell sites …`: makes, lists and changes a hub's sites and their keys. */
export async function sitesCommand(args: readonly string[]): Promise<Told & { json: boolean }> {
  const options = { ...HUB_OPTIONS, kind: { type: 'string' }, overlap: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [verb, ...rest] = positionals;
  return { ...(await carryOut(verb, rest, values, values.hub)), json: values.json === true };
}

async function carryOut(
  verb: string | undefined,
  [site, ...more]: readonly string[],
  { kind, overlap }: Options,
  hub: string | undefined,
): Promise<Told> {
  if (verb === 'list') return list(hubAddress(hub));
  if (site === undefined) throw new UsageError(SITES_USAGE);
  const path = `/v1/sites/${encodeURIComponent(site)}`;
  const [key] = more;
  switch (verb) {
    case 'create':
      return create(hubAddress(hub), site);
    case 'rotate': {
      if (kind === undefined) throw new UsageError(SITES_USAGE);
      const rotation = { kind, ...(overlap === undefined ? {} : { overlap }) };
      const made = await askHub<ShownKey>(hubAddress(hub), 'POST', `${path}/keys`, rotation);
      return {
        answer: made,
        words: `${newKeys([made])}The other ${kind} keys go on for ${overlap ?? '24h'}.\n`,
      };
    }
    case 'revoke': {
      if (key === undefined) throw new UsageError(SITES_USAGE);
      const answer = await askHub(hubAddress(hub), 'DELETE', `${path}/keys/${encodeURIComponent(key)}`);
      return { answer, words: `${key} is refused from now on.\n` };
    }
    case 'origins': {
      if (more.length === 0) throw new UsageError(SITES_USAGE);
      const info = await askHub<SiteInfo>(hubAddress(hub), 'PUT', `${path}/origins`, { origins: more });
      return { answer: info, words: inWords(info) };
    }
    default:
      throw new UsageError(SITES_USAGE);
  }
}

async function list(address: HubAddress): Promise<Told> {
  const answer = await askHub<{ sites: SiteInfo[] }>(address, 'GET', '/v1/sites');
  return { answer, words: answer.sites.map(inWords).join('\n') || 'The hub has no site yet.\n' };
}

async function create(address: HubAddress, file: string): Promise<Told> {
  const given: unknown = JSON.parse(await readFile(file, 'utf8'));
  const answer = await askHub<{ site: SiteInfo; keys: ShownKey[] }>(address, 'POST', '/v1/sites', given);
  return { answer, words: `${inWords(answer.site)}\n${newKeys(answer.keys)}` };
}

function inWords({ id, version, origins, keys }: SiteInfo): string {
  return `${id} (version ${version})\n  ${origins.join(' ')}\n${keys.map(keyInWords).join('')}`;
}

function keyInWords({ id, kind, hint, createdAt, expiresAt }: KeyInfo): string {
  const since = createdAt === null ? '' : `, since ${day(createdAt)}`;
  const until = expiresAt === null ? '' : `, until ${day(expiresAt)}`;
  return `  ${id}  ${kind} …${hint}${since}${until}\n`;
}

function newKeys(keys: readonly ShownKey[]): string {
  return `Keep what follows: it is not shown again.\n${keys.map(({ kind, key }) => `  ${kind}  ${key}\n`).join('')}`;
}

function day(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
