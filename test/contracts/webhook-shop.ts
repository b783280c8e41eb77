import { pino } from 'pino';
import { expect, onTestFinished } from 'vitest';
import { newShopper } from '../../server/core/shopper.ts';
import { RedisStore } from '../../server/store/redis-store.ts';
import type { LogRecord } from '../../server/store/log-record.ts';
import type { Registers } from '../../server/store/registers.ts';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { Deliveries } from '../../server/webhooks/deliveries.ts';
import { ANYWHERE } from '../../server/webhooks/reach.ts';
import { Webhooks } from '../../server/webhooks/webhooks.ts';
import { ShopperId, SiteId } from '../../shared/ids.ts';
import type { WebhookBody } from '../../shared/webhook.ts';
import { RedisServer } from '../support/rig/redis-server.ts';
import { type Receiver, startReceiver } from '../support/scripted-receiver.ts';
import { tempDir } from '../support/temp-dir.ts';

export const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000] as const;
export const site = SiteId.parse('test');
export const shopperOf = (name: string) => ShopperId.parse(name.padEnd(22, '-'));

/** The clock of the store, which stands unless a test moves it. */
export const time = { now: 0 };
export const clock = () => time.now;

/** Opens another process's way to the same store; the embedded one has none. */
type Open = () => Promise<Store>;

export const STORES: readonly (readonly [string, () => Promise<Open>])[] = [
  [
    'the embedded store',
    async () => {
      const dir = await tempDir();
      let store: Promise<Store> | undefined;
      return () => (store ??= kept(SqliteStore.open(dir, clock)));
    },
  ],
  [
    'Redis',
    async () => {
      const redis = await RedisServer.start();
      return () => kept(RedisStore.open(redis.url, { clock, allowVolatile: true }));
    },
  ],
];

async function kept(opening: Promise<Store>): Promise<Store> {
  const store = await opening;
  onTestFinished(() => store.close());
  return store;
}

/** The same store, but for what a test does otherwise. */
export function storeWith(store: Store, other: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name in other) return Reflect.get(other, name) as unknown;
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

/** Whoever has this name leaves a cart, or does what else the record says. */
export async function happen(
  store: Store,
  name: string,
  more: Partial<LogRecord> = { steps: ['cart_abandoned'] },
): Promise<void> {
  const key = { site: more.site ?? site, shopper: shopperOf(name) };
  const { version, madeBy, now: at } = await store.load(key, []);
  const seed = [version, 2, 3, 4] as const;
  const record: LogRecord = { at, ...key, version: 1, seed, input: { kind: 'clock' }, ...more };
  const document = newShopper(key.shopper, at);
  const nothing = { counts: [], coupons: [], budgets: [] };
  const result = await store.commit({ key, version, madeBy, at, document, records: [record], ...nothing });
  expect(result.ok).toBe(true);
}

/** A store, a hub over it that does what it is told when it is told, and somebody's server that is told of webhooks. */
export class WebhookShop {
  readonly store: Store;
  readonly hub: Webhooks;
  readonly receiver: Receiver;
  readonly open: Open;

  private constructor(open: Open, store: Store, hub: Webhooks, receiver: Receiver) {
    this.open = open;
    this.store = store;
    this.hub = hub;
    this.receiver = receiver;
  }

  static async start(stores: () => Promise<Open>): Promise<WebhookShop> {
    time.now = Date.UTC(2026, 10, 27);
    const receiver = await startReceiver(clock);
    const open = await stores();
    const store = await open();
    return new WebhookShop(open, store, await WebhookShop.hubOver(store), receiver);
  }

  static async hubOver(
    store: Store,
    { mostWaiting, timeLimitMs = 300 }: { mostWaiting?: number; timeLimitMs?: number } = {},
  ): Promise<Webhooks> {
    const webhooks = new Webhooks({
      store,
      logger: pino({ level: 'silent' }),
      secret: await store.readSecret(),
      outbound: { reach: ANYWHERE, timeLimitMs },
      chance: () => 0.5,
      ...(mostWaiting === undefined ? {} : { mostWaiting }),
    });
    onTestFinished(() => webhooks.stop());
    return webhooks;
  }

  endpoint(more: Partial<WebhookBody> = {}) {
    return this.hub.endpoints.add(site, { url: this.receiver.url, ...more });
  }

  /** Reads all that the log has, and sends all that is due. */
  async turn(by: Webhooks = this.hub): Promise<void> {
    while (await by.feed.round());
    await this.send(by);
  }

  async send(by: Webhooks = this.hub): Promise<void> {
    for (const { id } of await by.endpoints.all()) by.courier.wake(id);
    await by.courier.look();
    await by.courier.idle();
  }

  /** A hub that reads the log and then takes its time to write: what is to be sent, or that it is about to. */
  async slowHub(what: 'webhook-deliveries' | 'leases' = 'webhook-deliveries') {
    const { registers: own } = this.store;
    let goOn = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let isWriting = false;
    const registers: Registers = {
      read: (register, id) => own.read(register, id),
      list: (...asked) => own.list(...asked),
      async write(register, change) {
        if (register.startsWith(what)) {
          isWriting = true;
          await held;
        }
        return own.write(register, change);
      },
    };
    const hub = await WebhookShop.hubOver(storeWith(this.store, { registers }));
    return { hub, isWriting: () => isWriting, goOn };
  }

  /** A hub of which it is counted how often another had a right that it asked for. */
  async waitingHub() {
    const { registers: own } = this.store;
    let refusals = 0;
    const registers: Registers = {
      read: (register, id) => own.read(register, id),
      list: (...asked) => own.list(...asked),
      async write(register, change) {
        const isWritten = await own.write(register, change);
        if (register === 'leases' && !isWritten) refusals++;
        return isWritten;
      },
    };
    const hub = await WebhookShop.hubOver(storeWith(this.store, { registers }));
    return { hub, refusals: () => refusals };
  }

  waiting(id: string): Promise<number> {
    return new Deliveries(this.store).count(id);
  }

  ids(): string[] {
    return this.receiver.received.map(({ id }) => id);
  }
}
