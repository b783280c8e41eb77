import type { News, Pages } from '../engine/pages.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { ShopperKey, Store } from '../store/store.ts';
import type { OpenPages } from './open-pages.ts';
import type { Relay } from './relay.ts';

/** A shopper's pages on whichever nodes they are. Where all of them are on this one, nothing is sent anywhere. */
export class AllPages implements Pages {
  readonly #own: OpenPages;
  readonly #relay: Relay;
  readonly #store: Pick<Store, 'node' | 'leavePages'>;

  constructor(own: OpenPages, relay: Relay, store: Pick<Store, 'node' | 'leavePages'>) {
    this.#own = own;
    this.#relay = relay;
    this.#store = store;
  }

  connected(site: SiteId): ShopperKey[] {
    return this.#own.connected(site);
  }

  tell(key: ShopperKey, news: News, nodes: readonly string[]): void {
    this.#own.tell(key, news);
    if (news.effects.length === 0 && news.decisions.length === 0) return;
    for (const node of nodes)
      if (node !== this.#store.node) this.#relay.send(node, { key, news }, () => this.#forget(key, node));
  }

  startOver(key: ShopperKey, nodes: readonly string[] = []): void {
    this.#own.startOver(key);
    for (const node of nodes)
      if (node !== this.#store.node)
        this.#relay.send(node, { key, startsOver: true }, () => this.#forget(key, node));
  }

  /** That a node is gone costs a message each time until it is forgotten; more it does not matter. */
  #forget(key: ShopperKey, node: string): void {
    this.#store.leavePages(key, node).catch(() => undefined);
  }
}
