import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { MOST_ATTEMPTS, waitAfter, wishIn } from './attempt-schedule.ts';
import type { Deliveries, PendingDelivery } from './deliveries.ts';
import type { EndpointHealth } from './endpoint-health.ts';
import type { DisabledReason, Endpoints, SiteEndpoint } from './endpoints.ts';
import { FEED } from './feed.ts';
import type { Outbound, Outcome } from './outbound.ts';
import { sendMessage } from './send-message.ts';

export interface CourierParts {
  readonly store: Store;
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly health: EndpointHealth;
  readonly outbound: Outbound;
  readonly logger: Logger;
  disable(endpoint: SiteEndpoint, reason: DisabledReason): Promise<void>;
  /** From 0 to below 1. */
  readonly chance?: () => number;
}

/** Of one endpoint. */
const SENT_AT_ONCE = 2;
/** What another hub has written down is looked for so often. */
const LOOK_AGAIN_MS = 5_000;
const SOON_MS = 100;
/** So long a hub that ends waits for answers. */
const PATIENCE_MS = 5_000;
const GONE = 410;

/**
 * Sends what is due. Hubs don't agree on who sends what: each claims a delivery by a lease, and another one takes over when it is
 * over. So a message comes at least once, and again, with the same id, where a hub died before it could write down the answer.
 */
export class Courier {
  readonly #parts: CourierParts;
  readonly #chance: () => number;
  /** When to look again, by this process's clock; absent: now. */
  readonly #lookAt = new Map<string, number>();
  readonly #served = new Map<string, Promise<void>>();
  /** Attempts of this hub by what came of them; `dropped`: messages that are not sent again. */
  readonly counts = { delivered: 0, refused: 0, unanswered: 0, dropped: 0 };
  #isStopped = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#chance = parts.chance ?? Math.random;
  }

  wake(endpoint: string): void {
    this.#lookAt.delete(endpoint);
  }

  /** Begins to serve those endpoints that may have something due. */
  async look(): Promise<void> {
    const endpoints = await this.#parts.endpoints.recent();
    const now = performance.now();
    for (const endpoint of endpoints) {
      const { id, disabled } = endpoint;
      const isTime = now >= (this.#lookAt.get(id) ?? 0);
      if (disabled !== null || !isTime || this.#isStopped || this.#served.has(id)) continue;
      const served = this.#serve(endpoint)
        .catch((error: unknown) => this.#parts.logger.warn({ err: error }, 'webhooks could not be sent'))
        .finally(() => this.#served.delete(id));
      this.#served.set(id, served);
    }
    // What is no longer there is not looked at.
    for (const id of this.#lookAt.keys())
      if (!endpoints.some((endpoint) => endpoint.id === id)) this.#lookAt.delete(id);
  }

  /** Resolves when all that was begun is done. */
  async idle(): Promise<void> {
    await Promise.all(this.#served.values());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const timer = setTimeout(() => this.#parts.outbound.close(), PATIENCE_MS);
    await this.idle();
    clearTimeout(timer);
    this.#parts.outbound.close();
  }

  async #serve({ id }: SiteEndpoint): Promise<void> {
    const { store, endpoints, deliveries } = this.#parts;
    while (!this.#isStopped) {
      // It may be changed while there is much to send.
      const endpoint = (await endpoints.recent()).find((other) => other.id === id);
      if (!endpoint || endpoint.disabled !== null) return;
      // What comes from here on is looked for anew.
      this.#lookAt.set(id, performance.now() + LOOK_AGAIN_MS);
      const now = await store.time();
      const { due, nextAt } = await deliveries.due(id, now, await store.readFoldPlace(FEED));
      if (due.length === 0) {
        this.#restUntil(id, nextAt === null ? LOOK_AGAIN_MS : nextAt - now);
        return;
      }
      const line = due.values();
      const sendOnes = async () => {
        for (const pending of line) await this.#deliver(endpoint, pending);
      };
      await Promise.all(Array.from({ length: SENT_AT_ONCE }, sendOnes));
    }
  }

  /** Unless somebody has woken it meanwhile. */
  #restUntil(id: string, ms: number): void {
    if (this.#lookAt.has(id))
      this.#lookAt.set(id, performance.now() + Math.max(SOON_MS, Math.min(ms, LOOK_AGAIN_MS)));
  }

  /** One that can't be sent must not hold up the others; its lease brings it back. */
  async #deliver(endpoint: SiteEndpoint, pending: PendingDelivery): Promise<void> {
    const { logger, outbound } = this.#parts;
    try {
      await outbound.inTurn(endpoint.site, () => this.#deliverNow(endpoint, pending));
    } catch (error) {
      logger.warn({ err: error, site: endpoint.site, webhook: endpoint.id }, 'a webhook could not be sent');
    }
  }

  async #deliverNow(endpoint: SiteEndpoint, pending: PendingDelivery): Promise<void> {
    const { store, deliveries, endpoints, outbound } = this.#parts;
    if (this.#isStopped) return;
    const at = await store.time();
    const claimed = await deliveries.claim(endpoint.id, pending, at);
    if (!claimed) return;
    const { message, attempts, shopper } = claimed.delivery;
    // Written down by a hub that had read it before they were erased.
    if ((await store.load({ site: endpoint.site, shopper }, [])).isErased)
      return void (await deliveries.remove(endpoint.id, claimed));
    // Left over from before it was disabled.
    if (message.at < endpoint.since) return void (await deliveries.remove(endpoint.id, claimed));
    // Of a kind that hubs die of.
    if (attempts > MOST_ATTEMPTS) return this.#drop(endpoint, claimed);
    const secrets = await endpoints.secretsOf(endpoint);
    const outcome = await sendMessage(outbound, endpoint.url, message, secrets, at);
    await this.#settle(endpoint, claimed, at, outcome);
  }

  async #settle(
    endpoint: SiteEndpoint,
    claimed: PendingDelivery,
    at: number,
    outcome: Outcome,
  ): Promise<void> {
    const { store, deliveries, health } = this.#parts;
    if ('reason' in outcome && outcome.reason === 'given_up')
      return deliveries.giveBack(endpoint.id, claimed);
    const isDelivered = 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
    if (isDelivered) this.counts.delivered++;
    else this.counts['status' in outcome ? 'refused' : 'unanswered']++;
    if (isDelivered) await deliveries.remove(endpoint.id, claimed);
    else await this.#sendAgain(endpoint, claimed, await store.time(), outcome);
    const { message, attempts: attempt } = claimed.delivery;
    const { durationMs } = outcome;
    const result = 'status' in outcome ? { status: outcome.status } : { reason: outcome.reason };
    const told = { message: message.id, type: message.type, attempt, at, durationMs, isDelivered, ...result };
    if (await health.note(endpoint.id, told)) await this.#parts.disable(endpoint, 'failing');
    if (result.status === GONE) await this.#parts.disable(endpoint, 'gone');
  }

  async #sendAgain(
    endpoint: SiteEndpoint,
    claimed: PendingDelivery,
    now: number,
    outcome: Outcome,
  ): Promise<void> {
    const wish = 'status' in outcome ? wishIn(outcome.retryAfter, now) : null;
    const wait = waitAfter(claimed.delivery.attempts, wish, this.#chance());
    if (wait === null) await this.#drop(endpoint, claimed);
    else await this.#parts.deliveries.putOff(endpoint.id, claimed, now + wait);
  }

  async #drop({ id, site }: SiteEndpoint, claimed: PendingDelivery): Promise<void> {
    const { deliveries, logger } = this.#parts;
    await deliveries.remove(id, claimed);
    this.counts.dropped++;
    const { id: message } = claimed.delivery.message;
    logger.warn({ site, webhook: id, message }, 'a message was not taken and is dropped');
  }
}
