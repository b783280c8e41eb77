import { randomBytes } from 'node:crypto';
import { HubError } from '../engine/hub-error.ts';
import type { Store } from '../store/store.ts';
import type { SiteId } from '../../shared/ids.ts';
import { MAX_WEBHOOKS, type WebhookBody, type WebhookType } from '../../shared/webhook.ts';
import { changeEntry } from '../engine/change-entry.ts';
import type { KeptSecret, SigningSecrets } from './signing-secrets.ts';

/** Why nothing is sent to an endpoint any more, until its owner enables it. */
export const DISABLED_WORDS = {
  gone: 'It answered 410 Gone.',
  failing: 'For five days nothing but failures came of it.',
  too_many_waiting: 'Too many messages waited for it.',
} as const;
export type DisabledReason = keyof typeof DISABLED_WORDS;

/** An address of an owner's choice that is told what happens on their site. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  /** Absent: all. */
  readonly types?: readonly WebhookType[];
  readonly description?: string;
  readonly createdAt: number;
  /** It is told of what happens from then on. */
  readonly since: number;
  readonly disabled: { readonly at: number; readonly reason: DisabledReason } | null;
  readonly secrets: readonly KeptSecret[];
}

export interface SiteEndpoint extends Endpoint {
  readonly site: SiteId;
}

const REGISTER = 'webhooks';
const SITES_AT_ONCE = 500;
const ID_BYTES = 12;
/** A change by another hub is seen so much later at the most, by those who don't read anew. */
const RECENT_MS = 2_000;

type Change = (before: readonly Endpoint[]) => readonly Endpoint[];

/** The endpoints of all sites. Those of one site are one entry, so that hubs that add some at once keep to the bound together. */
export class Endpoints {
  readonly #store: Store;
  readonly #secrets: SigningSecrets;
  #recent: { readonly endpoints: readonly SiteEndpoint[]; readonly until: number } | null = null;

  constructor(store: Store, secrets: SigningSecrets) {
    this.#store = store;
    this.#secrets = secrets;
  }

  /** As they are now. */
  async all(): Promise<readonly SiteEndpoint[]> {
    const endpoints: SiteEndpoint[] = [];
    for (let after = ''; ;) {
      const page = await this.#store.registers.list(REGISTER, after, SITES_AT_ONCE);
      for (const { id, text } of page)
        for (const endpoint of endpointsIn(text)) endpoints.push({ ...endpoint, site: id as SiteId });
      const last = page.at(-1);
      if (last === undefined || page.length < SITES_AT_ONCE) break;
      after = last.id;
    }
    this.#recent = { endpoints, until: performance.now() + RECENT_MS };
    return endpoints;
  }

  /** As they were a moment ago. */
  recent(): Promise<readonly SiteEndpoint[]> | readonly SiteEndpoint[] {
    return this.#recent && performance.now() < this.#recent.until ? this.#recent.endpoints : this.all();
  }

  async of(site: SiteId): Promise<readonly Endpoint[]> {
    return endpointsIn((await this.#store.registers.read(REGISTER, site))?.text ?? null);
  }

  async get(site: SiteId, id: string): Promise<Endpoint> {
    return found(await this.of(site), id);
  }

  async add(site: SiteId, body: WebhookBody): Promise<{ endpoint: Endpoint; secret: string }> {
    const now = await this.#store.time();
    const id = `wh_${randomBytes(ID_BYTES).toString('base64url')}`;
    const { kept: secrets, secret } = this.#secrets.renew([], id, now);
    const endpoint: Endpoint = {
      id,
      ...tellingOf(body),
      createdAt: now,
      since: now,
      disabled: null,
      secrets,
    };
    await this.#change(site, (before) => {
      if (before.length >= MAX_WEBHOOKS) throw tooMany();
      return [...before, endpoint];
    });
    return { endpoint, secret };
  }

  replace(site: SiteId, id: string, body: WebhookBody): Promise<Endpoint> {
    return this.#changeOne(site, id, ({ createdAt, since, disabled, secrets }) => ({
      id,
      ...tellingOf(body),
      createdAt,
      since,
      disabled,
      secrets,
    }));
  }

  async remove(site: SiteId, id: string): Promise<void> {
    await this.#change(site, (before) => {
      found(before, id);
      return before.filter((other) => other.id !== id);
    });
  }

  async renewSecret(site: SiteId, id: string): Promise<string> {
    const now = await this.#store.time();
    let told = '';
    await this.#changeOne(site, id, (endpoint) => {
      const { kept, secret } = this.#secrets.renew(endpoint.secrets, id, now);
      told = secret;
      return { ...endpoint, secrets: kept };
    });
    return told;
  }

  /** Those that sign for it now, the newest first. */
  async secretsOf({ id, secrets }: Endpoint): Promise<string[]> {
    return this.#secrets.open(secrets, id, await this.#store.time());
  }

  /** It is told of what happens from now on. */
  async enable(site: SiteId, id: string): Promise<Endpoint> {
    const now = await this.#store.time();
    return this.#changeOne(site, id, (endpoint) =>
      endpoint.disabled === null ? endpoint : { ...endpoint, disabled: null, since: now },
    );
  }

  /** Whether it was this call that did it. */
  async disable(site: SiteId, id: string, reason: DisabledReason): Promise<boolean> {
    const at = await this.#store.time();
    let isNews = false;
    await this.#change(site, (before) => {
      isNews = before.some((endpoint) => endpoint.id === id && endpoint.disabled === null);
      return before.map((endpoint) =>
        endpoint.id === id && endpoint.disabled === null
          ? { ...endpoint, disabled: { at, reason } }
          : endpoint,
      );
    });
    return isNews;
  }

  async #changeOne(site: SiteId, id: string, change: (before: Endpoint) => Endpoint): Promise<Endpoint> {
    let after: Endpoint | undefined;
    await this.#change(site, (before) => {
      const next = change(found(before, id));
      after = next;
      return before.map((endpoint) => (endpoint.id === id ? next : endpoint));
    });
    return found(after ? [after] : [], id);
  }

  async #change(site: SiteId, change: Change): Promise<void> {
    await changeEntry(this.#store.registers, REGISTER, site, (text) => {
      const endpoints = change(endpointsIn(text));
      return endpoints.length === 0 ? null : JSON.stringify({ endpoints });
    });
    this.#recent = null;
  }
}

function endpointsIn(text: string | null): readonly Endpoint[] {
  return text === null ? [] : (JSON.parse(text) as { endpoints: Endpoint[] }).endpoints;
}

function found(endpoints: readonly Endpoint[], id: string): Endpoint {
  const endpoint = endpoints.find((other) => other.id === id);
  if (!endpoint) throw new HubError('not_found', 'There is no webhook with this id.');
  return endpoint;
}

function tellingOf({
  url,
  types,
  description,
}: WebhookBody): Pick<Endpoint, 'url' | 'types' | 'description'> {
  return {
    url,
    ...(types === undefined ? {} : { types }),
    ...(description === undefined ? {} : { description }),
  };
}

function tooMany(): HubError {
  const message = `A site has at most ${MAX_WEBHOOKS} webhooks.`;
  return new HubError('invalid', message, { errors: [{ path: '', message }] });
}
