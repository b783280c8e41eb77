import { isIP } from 'node:net';

/** What addresses requests may be sent to. */
export interface Reach {
  readonly schemes: readonly string[];
  /** Null: any. */
  readonly ports: readonly number[] | null;
  /** Whether addresses will do that are not of the public internet. */
  readonly isPrivateAllowed: boolean;
}

export const PUBLIC: Reach = { schemes: ['https:'], ports: [80, 443], isPrivateAllowed: false };
/** For development and tests. */
export const ANYWHERE: Reach = { schemes: ['http:', 'https:'], ports: null, isPrivateAllowed: true };

const LONGEST_URL = 2_000;

/** Why no request may be sent there, as far as the text tells; null: it may. */
export function urlFault(text: string, { schemes, ports }: Reach): string | null {
  if (text.length > LONGEST_URL) return `At most ${LONGEST_URL} characters.`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') return 'Not a URL.';
  if (!schemes.includes(url.protocol)) return `Use ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`;
  if (url.username !== '' || url.password !== '') return 'Names and passwords have no place in it.';
  if (url.hash !== '') return 'A fragment is not sent.';
  return ports === null || ports.includes(portOf(url)) ? null : `Use port ${ports.join(' or ')}.`;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/** Whether a host is one of these. `*.example.com`: any below it, and not itself. */
export function isAmong(hostname: string, hosts: readonly string[]): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return false;
  return hosts.some((known) => (known.startsWith('*.') ? host.endsWith(known.slice(1)) : host === known));
}
