import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HubError } from '../engine/hub-error.ts';
import type { Store } from '../store/store.ts';
import type { SiteId } from '../../shared/ids.ts';
import { changeEntry } from '../engine/change-entry.ts';
import { TOLERANCE_MS, verifiedId } from './signature.ts';
import type { KeptSecret, SigningSecrets } from './signing-secrets.ts';

const SECRETS = 'inbound-secrets';
const KNOWN = 'inbound-messages';
const NOBODY = 'nobody';
/** A message whose time is five minutes ahead is good for ten. */
const REMEMBERED_MS = 3 * TOLERANCE_MS;
/** Time enough to take it in; whoever tells it again after a hub died with it is heard then. */
const BEGUN_MS = 30_000;
const RETRY_AFTER_MS = 2_000;

/** A message that was taken in before, and one that is being taken in. */
interface Known {
  readonly body: string;
  readonly isDone: boolean;
}

/** Messages that others send on behalf of a site, which the site's secret proves. */
export class InboundMessages {
  readonly #store: Store;
  readonly #secrets: SigningSecrets;
  /** Stands in where there is no secret, so that no answer comes sooner. Nobody knows it. */
  readonly #nobodys: readonly KeptSecret[];

  constructor(store: Store, secrets: SigningSecrets) {
    this.#store = store;
    this.#secrets = secrets;
    this.#nobodys = secrets.renew([], NOBODY, 0).kept;
  }

  /** A new secret for the site; the one before it counts for a day more. */
  async renewSecret(site: SiteId): Promise<string> {
    const now = await this.#store.time();
    let told = '';
    await changeEntry(this.#store.registers, SECRETS, site, (text) => {
      const { kept, secret } = this.#secrets.renew(keptIn(text), ownerOf(site), now);
      told = secret;
      return JSON.stringify({ secrets: kept });
    });
    return told;
  }

  /** No message is taken in any more. */
  async dropSecrets(site: SiteId): Promise<void> {
    await changeEntry(this.#store.registers, SECRETS, site, () => null);
  }

  /** The id of a message that is the site's and of now; null for any other, whatever is wrong with it. */
  async verify(site: SiteId, headers: IncomingHttpHeaders, body: Uint8Array): Promise<string | null> {
    const stored = await this.#store.registers.read(SECRETS, site);
    const now = await this.#store.time();
    const [kept, owner] = stored ? [keptIn(stored.text), ownerOf(site)] : [this.#nobodys, NOBODY];
    const id = verifiedId(headers, body, this.#secrets.open(kept, owner, now), now);
    return stored ? id : null;
  }

  /** Takes a message in once; null: it was before. Where that fails it may be told again. */
  async once<T>(site: SiteId, id: string, body: Uint8Array, takeIn: () => Promise<T>): Promise<T | null> {
    const { registers } = this.#store;
    const key = `${site}.${hashOf(id)}`;
    const known = { id: key, version: 1, body: hashOf(body) };
    const now = await this.#store.time();
    const begun = { ...entryOf(known, false), expiresAt: now + BEGUN_MS };
    if (!(await registers.write(KNOWN, begun))) {
      const stored = await registers.read(KNOWN, key);
      const before = stored ? (JSON.parse(stored.text) as Known) : null;
      if (before && before.body !== known.body) throw new HubError('invalid', 'Another message had this id.');
      if (before?.isDone) return null;
      throw new HubError('busy', 'This message is being taken in.', { retryAfterMs: RETRY_AFTER_MS });
    }
    try {
      const answer = await takeIn();
      await registers.write(KNOWN, {
        ...entryOf({ ...known, version: 2 }, true),
        expiresAt: now + REMEMBERED_MS,
      });
      return answer;
    } catch (error) {
      await registers.write(KNOWN, { id: key, version: 2, text: null, expiresAt: null });
      throw error;
    }
  }
}

function entryOf({ id, version, body }: { id: string; version: number; body: string }, isDone: boolean) {
  const known: Known = { body, isDone };
  return { id, version, text: JSON.stringify(known) };
}

function keptIn(text: string | null): readonly KeptSecret[] {
  return text === null ? [] : (JSON.parse(text) as { secrets: KeptSecret[] }).secrets;
}

function ownerOf(site: SiteId): string {
  return `inbound ${site}`;
}

function hashOf(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url');
}
