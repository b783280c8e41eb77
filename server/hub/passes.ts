import { Rounds } from '../rounds.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import { admit } from './admission.ts';
import type { HubSocket, Pass } from './hub-socket.ts';
import { leave } from './open-pages.ts';

/** A change is here within two seconds, wherever it was made: so a page is gone within three. */
const LOOK_EVERY_MS = 1_000;
/** Those who are let go of ask again, and are refused at the door: not all at once. */
const COME_BACK_WITHIN_MS = 2_000;

/**
 * Lets go of pages whose publishable key was revoked or has ended, or whose origin is no longer on the site's list. A shop's
 * pages share one key and few origins, so each pair is judged once a round, however many pages came in by it.
 */
export class Passes {
  readonly #sites: SiteRegistry;
  readonly #sockets: () => Iterable<HubSocket>;
  readonly #known = new Map<string, Pass>();
  readonly #rounds = new Rounds(LOOK_EVERY_MS, async () => this.#look());

  constructor(sites: SiteRegistry, sockets: () => Iterable<HubSocket>) {
    this.#sites = sites;
    this.#sockets = sockets;
  }

  start(): void {
    this.#rounds.start();
  }

  /** One object for all pages that came in by the same. */
  of(key: string, origin: string | undefined): Pass {
    const name = `${key} ${origin ?? ''}`;
    const pass = this.#known.get(name) ?? { key, origin };
    this.#known.set(name, pass);
    return pass;
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  #look(): void {
    const bad = new Set<Pass>();
    for (const [name, pass] of this.#known) {
      if (this.#isGood(pass)) continue;
      bad.add(pass);
      this.#known.delete(name);
    }
    if (bad.size === 0) return;
    for (const socket of this.#sockets())
      if (socket.data.pass && bad.has(socket.data.pass)) leave(socket, Math.random() * COME_BACK_WITHIN_MS);
  }

  #isGood({ key, origin }: Pass): boolean {
    try {
      admit(this.#sites, key, origin);
      return true;
    } catch {
      return false;
    }
  }
}
