import { createHash } from 'node:crypto';
import { type Binding, KEPT, type Shopper } from '../core/shopper.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { ShopperId, SiteId } from '../../shared/ids.ts';
import { type Claims, notTaken, readShopToken } from './shop-token.ts';
import type { Tokens } from './token.ts';

/** Whom a page speaks for, and what it shows for that. */
export interface Bearer {
  readonly shopper: ShopperId;
  readonly token: string;
  /** Absent: anonymous. */
  readonly binding?: Binding;
}

/** Pages of a browser whose shopper has just become known are given time to learn it from the one that found out. */
const LEARNED_WITHIN_MS = 15_000;
const ASK_AGAIN_AFTER_MS = 1_500;
/** Erased and back again, so often in all the time for which the store knows that they were. */
const MOST_LIVES = 100;

export interface BearerParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly tokens: Tokens;
}

/** Who those are that come with a token of the hub's, or of the shop's. */
export class Bearers {
  readonly #parts: BearerParts;

  constructor(parts: BearerParts) {
    this.#parts = parts;
  }

  /** Somebody of whom nothing is known. */
  stranger(site: SiteId): Bearer {
    const { tokens } = this.#parts;
    const shopper = tokens.mint();
    return { shopper, token: tokens.sign(site, shopper) };
  }

  /**
   * The anonymous shopper that a browser was, also where they have departed: whoever asks again, as the answer was lost, shows no
   * other token.
   */
  async before(site: SiteId, token: string): Promise<Bearer | null> {
    const named = this.#parts.tokens.verify(site, token);
    if (named?.binding !== null) return this.find(site, token);
    const { isErased } = await this.#parts.engine.read({ site, shopper: named.shopper });
    return isErased ? null : { shopper: named.shopper, token };
  }

  /** Null where the token speaks for nobody: this hub did not make it, or its shopper was erased or signed out. */
  async find(site: SiteId, token: string): Promise<Bearer | null> {
    const { tokens } = this.#parts;
    const named = tokens.verify(site, token);
    if (!named) return null;
    const { shopper, binding } = named;
    return binding === null ? this.#anonymous(site, shopper) : this.#bound(site, shopper, binding);
  }

  /**
   * Who the shop says that somebody is. `before`: who they were to this browser so far; an anonymous shopper is merged into who they
   * are, as both are shown. `tab`: which browser it is, where it has been nobody yet.
   */
  async identify(
    site: SiteId,
    shopToken: string,
    { before, tab }: { before: Bearer | null; tab: string | null },
  ): Promise<Bearer> {
    const { sites, engine } = this.#parts;
    const claims = await readShopToken(shopToken, site, (kid) => sites.identityKeys(site, kid));
    const { shopper, document } = await this.subject(site, claims.subject);
    if (before?.shopper === shopper) return before;
    const from = before && before.binding === undefined ? before.shopper : null;
    const former = from === null ? null : (await engine.read({ site, shopper: from })).document;
    const bearer = await this.#bind(site, shopper, claims, {
      by: presenter(before, tab ?? this.#parts.tokens.newBinding()),
      from,
      rev: former?.rev ?? 0,
    });
    // This browser is no longer somebody else's.
    if (before?.binding)
      await engine.submit({ site, shopper: before.shopper }, [
        { kind: 'sign_out', binding: before.binding.id },
      ]);
    // Of whom nothing is known nothing has to be handed over.
    if (former && from !== null && (former.departed?.to ?? shopper) === shopper && hasRoom(document, from)) {
      await engine.submit({ site, shopper: from }, [{ kind: 'depart', to: shopper }]);
      // Whoever has departed is handed over whenever they are looked at.
      await engine.submit({ site, shopper: from }, [{ kind: 'clock' }]);
    }
    return bearer;
  }

  /** Whom the shop calls so, and what is known of them. */
  async subject(site: SiteId, name: string): Promise<{ shopper: ShopperId; document: Shopper | null }> {
    const { tokens, engine } = this.#parts;
    for (let life = 0; life < MOST_LIVES; life++) {
      const shopper = tokens.idOf(site, name, life);
      const { document, isErased } = await engine.read({ site, shopper });
      if (!isErased) return { shopper, document };
    }
    throw new HubError('erased', 'This customer was erased too often.');
  }

  async #anonymous(site: SiteId, shopper: ShopperId): Promise<Bearer | null> {
    const { engine, tokens } = this.#parts;
    // Where that can't be told now they come in as they are: without the store there is no welcome either, and they will ask again.
    const known = await engine.recall({ site, shopper }).catch(() => null);
    if (known?.isErased === true) return null;
    const departed = known?.document?.departed;
    if (!departed) return { shopper, token: tokens.sign(site, shopper) };
    const { now } = await engine.read({ site, shopper });
    if (now - departed.at > LEARNED_WITHIN_MS) return null;
    throw new HubError('busy', 'This shopper is known by name now.', { retryAfterMs: ASK_AGAIN_AFTER_MS });
  }

  async #bound(site: SiteId, shopper: ShopperId, id: string): Promise<Bearer | null> {
    const { document } = await this.#parts.engine.read({ site, shopper });
    const binding = document?.bindings?.find((one) => one.id === id);
    return binding ? this.#bearer(site, shopper, binding) : null;
  }

  #bearer(site: SiteId, shopper: ShopperId, binding: Binding): Bearer {
    return { shopper, token: this.#parts.tokens.sign(site, shopper, binding.id), binding };
  }

  async #bind(
    site: SiteId,
    shopper: ShopperId,
    { id, madeAt, until }: Claims,
    { by, from, rev }: { by: string; from: ShopperId | null; rev: number },
  ): Promise<Bearer> {
    const { engine, tokens } = this.#parts;
    const digest = createHash('sha256').update(id).digest('base64url');
    const proof = { digest, madeAt, until, by, binding: tokens.newBinding() };
    const input = { kind: 'identify' as const, proof, rev, ...(from === null ? {} : { from }) };
    const { answer } = await engine.submit({ site, shopper }, [input]);
    if (answer.kind === 'identify' && answer.outcome === 'bound')
      return this.#bearer(site, shopper, answer.binding);
    throw notTaken();
  }
}

/** Whoever was this many is not one person: they stay apart. */
function hasRoom(document: Shopper | null, former: ShopperId): boolean {
  const merged = document?.merged ?? [];
  return merged.length < KEPT.merged || merged.includes(former);
}

/** Which browser shows it, as far as it can tell itself from others. */
function presenter(before: Bearer | null, tab: string): string {
  if (!before) return `tab ${tab}`;
  return before.binding ? `${before.shopper} ${before.binding.id}` : before.shopper;
}
