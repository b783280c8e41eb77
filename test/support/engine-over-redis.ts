import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { Engine } from '../../server/engine/engine.ts';
import type { Pages } from '../../server/engine/pages.ts';
import { secureSeeds } from '../../server/engine/seeds.ts';
import { SiteRegistry } from '../../server/engine/site-registry.ts';
import { PairModel } from '../../server/learning/pair-model.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import { ShopperEvent } from '../../shared/event.ts';
import { ShopperId } from '../../shared/ids.ts';
import { SiteFile } from '../../shared/site.ts';
import type { RedisServer } from './rig/redis-server.ts';
import { site } from './sample-site.ts';

const noPages: Pages = { connected: () => [], tell: () => undefined, startOver: () => undefined };

/** What a hub decides by, without its ways in and out: store, sites and engine over a Redis. The clock is the test's. */
export async function engineOverRedis(
  redis: RedisServer,
  rules: readonly Readonly<Record<string, unknown>>[],
  clock: () => number,
) {
  const file = SiteFile.parse(site({ rules }));
  const store = await RedisStore.open(redis.url, { clock });
  onTestFinished(() => store.close());
  const pairs = new PairModel();
  const logger = pino({ level: 'silent' });
  const sites = await SiteRegistry.open(store, (id) => pairs.learned(id), logger);
  await sites.importFile(file);
  const engine = new Engine({ store, sites, pages: noPages, seed: secureSeeds() });
  const shopper = (name: string) => ({ site: file.id, shopper: ShopperId.parse(name.padEnd(22, '-')) });
  return {
    store,
    sites,
    engine,
    logger,
    shopper,
    /** Whoever has this name adds a mug to their cart. */
    addToCart(name: string) {
      const params = { items: [{ item_id: 'mug', price: 18.5 }] };
      const event = ShopperEvent.parse({
        id: `${name}-adds-a-mug`,
        name: 'add_to_cart',
        at: clock(),
        params,
      });
      return engine.submit(shopper(name), [{ kind: 'event', source: 'page', event }]);
    },
  };
}
