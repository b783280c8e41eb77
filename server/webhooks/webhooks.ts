import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { HubError } from '../engine/hub-error.ts';
import { SealedTexts } from '../engine/sealed-text.ts';
import { Rounds } from '../rounds.ts';
import type { ShopperKey, Store } from '../store/store.ts';
import type { SiteId } from '../../shared/ids.ts';
import { Courier } from './courier.ts';
import { Deliveries } from './deliveries.ts';
import { EndpointHealth } from './endpoint-health.ts';
import { type DisabledReason, DISABLED_WORDS, Endpoints } from './endpoints.ts';
import { Feed } from './feed.ts';
import { InboundMessages } from './inbound-messages.ts';
import { Lease } from './lease.ts';
import { bodyOf } from './messages.ts';
import { Outbound, type OutboundParts, type Outcome } from './outbound.ts';
import { sendMessage } from './send-message.ts';
import { SigningSecrets } from './signing-secrets.ts';

const READ_EVERY_MS = 500;
const LOOK_EVERY_MS = 250;
const ASK_AGAIN_MS = 50;
const MOST_PATIENCE_MS = 30_000;
const TEST_TYPE = 'webhook.test';

export interface WebhooksParts {
  readonly store: Store;
  readonly logger: Logger;
  /** Of the installation. */
  readonly secret: Uint8Array;
  readonly outbound: OutboundParts;
  readonly mostWaiting?: number;
  readonly chance?: () => number;
}

/** What is told to addresses of owners' choice, and what is told from there. */
export class Webhooks {
  readonly endpoints: Endpoints;
  readonly health: EndpointHealth;
  readonly inbound: InboundMessages;
  readonly outbound: Outbound;
  readonly feed: Feed;
  readonly courier: Courier;
  readonly #store: Store;
  readonly #logger: Logger;
  readonly #deliveries: Deliveries;
  readonly #lease: Lease;
  #rounds: readonly Rounds[] = [];
  #isStopped = false;

  constructor({ store, logger, secret, outbound, mostWaiting, chance }: WebhooksParts) {
    const secrets = new SigningSecrets(new SealedTexts(secret));
    this.#store = store;
    this.#logger = logger;
    this.endpoints = new Endpoints(store, secrets);
    this.health = new EndpointHealth(store.registers);
    this.inbound = new InboundMessages(store, secrets);
    this.outbound = new Outbound(outbound);
    this.#deliveries = new Deliveries(store);
    this.#lease = new Lease(store, 'webhooks');
    const disable = ({ site, id }: { site: SiteId; id: string }, reason: DisabledReason) =>
      this.#disable(site, id, reason);
    const { endpoints, health } = this;
    const parts = { store, logger, endpoints, deliveries: this.#deliveries, disable };
    this.courier = new Courier({ ...parts, health, outbound: this.outbound, ...(chance ? { chance } : {}) });
    const wake = (endpoint: string) => this.courier.wake(endpoint);
    const bound = mostWaiting === undefined ? {} : { mostWaiting };
    this.feed = new Feed({ ...parts, lease: this.#lease, wake, ...bound });
  }

  start(): void {
    const feed = async () => {
      while (!this.#isStopped && (await this.feed.round()));
    };
    this.#rounds = [
      new Rounds(READ_EVERY_MS, () => this.#try(feed, 'the log could not be read for webhooks')),
      new Rounds(LOOK_EVERY_MS, () =>
        this.#try(() => this.courier.look(), 'webhooks could not be looked for'),
      ),
    ];
    for (const rounds of this.#rounds) rounds.start();
  }

  /** Waits some seconds for answers; what is not answered by then is sent by another hub, or the next time. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#rounds.map((rounds) => rounds.stop()), this.courier.stop()]);
  }

  async remove(site: SiteId, id: string): Promise<void> {
    await this.endpoints.remove(site, id);
    const clear = () => this.#deliveries.clear(id);
    // Where no hub gives up its right in time, whoever has it finds the endpoint gone and clears.
    if (!(await this.#whileNobodyWrites(clear))) await clear();
    await this.health.forget(id);
  }

  async enable(site: SiteId, id: string): Promise<void> {
    await this.health.startAnew(id);
    await this.endpoints.enable(site, id);
  }

  /** Sends one message now, so that its owner sees what becomes of it. */
  async sendTest(site: SiteId, id: string): Promise<Outcome> {
    const endpoint = await this.endpoints.get(site, id);
    return this.outbound.inTurn(site, async () => {
      const now = await this.#store.time();
      const message = { id: `msg_${randomBytes(16).toString('hex')}`, body: bodyOf(TEST_TYPE, now, {}) };
      return sendMessage(this.outbound, endpoint.url, message, await this.endpoints.secretsOf(endpoint), now);
    });
  }

  /**
   * Nothing about this shopper is sent any more, but for what is under way at this moment. To be called once the log has nothing
   * of them, so that nothing is read from there again.
   */
  async forgetShopper({ site, shopper }: ShopperKey): Promise<void> {
    const endpoints = await this.endpoints.of(site);
    if (endpoints.length === 0) return;
    const forgetAll = async () => {
      for (const { id } of endpoints)
        await this.#deliveries.clear(id, (delivery) => delivery.shopper === shopper);
    };
    if (!(await this.#whileNobodyWrites(forgetAll)))
      throw new HubError('busy', 'Webhooks are being written down.');
  }

  /** While no hub writes down what it has read before. False: there was always one that did. */
  async #whileNobodyWrites(work: () => Promise<void>): Promise<boolean> {
    const doIt = async () => {
      await work();
      return true;
    };
    for (const until = performance.now() + MOST_PATIENCE_MS; performance.now() < until;) {
      if (await this.#lease.hold(doIt)) return true;
      await pause(ASK_AGAIN_MS);
    }
    return false;
  }

  async #disable(site: SiteId, id: string, reason: DisabledReason): Promise<void> {
    if (await this.endpoints.disable(site, id, reason))
      this.#logger.warn({ site, webhook: id, reason }, `a webhook is disabled: ${DISABLED_WORDS[reason]}`);
    await this.#deliveries.clear(id);
  }

  async #try(work: () => Promise<void>, failure: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.warn({ err: error }, failure);
    }
  }
}
