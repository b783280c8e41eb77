import type { Effect } from '../core/effects.ts';
import type { Reason } from '../core/reasons.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { ShopperKey } from '../store/store.ts';

/** What a commit has to say to a shopper's pages. */
export interface News {
  readonly effects: readonly Effect[];
  /** For pages that watch decisions. */
  readonly decisions: readonly { readonly input: string; readonly reasons: readonly Reason[] }[];
  /** When a hub received what brought this about, by `wallClock`. */
  readonly since: number;
}

/**
 * A shopper's open pages. A hint channel: what is handed over may be lost, and never throws. Pages learn the truth when
 * they connect, and a node looks now and then whether it missed something that was meant for its pages.
 */
export interface Pages {
  /** The shoppers of a site who have a page open on this node. */
  connected(site: SiteId): readonly ShopperKey[];
  /** `nodes`: where the shopper has a page open, as the commit has told. */
  tell(key: ShopperKey, news: News, nodes: readonly string[]): void;
  /**
   * Pages may have been told less than was decided, or stand for somebody they no longer are: each connects anew, and is
   * welcomed with the truth. `nodes`: others than this one where the shopper has a page open.
   */
  startOver(key: ShopperKey, nodes?: readonly string[]): void;
}
