import type { Effect } from '../core/effects.ts';
import type { Reason } from '../core/reasons.ts';
import type { News } from '../engine/pages.ts';
import type { SiteId } from '../../shared/ids.ts';
import { shopperMessages } from '../limits/socket-limits.ts';
import type { TokenBucket } from '../limits/token-bucket.ts';
import { nameOfShopper, type ShopperName } from '../store/shopper-name.ts';
import type { ShopperKey } from '../store/store.ts';
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import type { HubSocket } from './hub-socket.ts';
import type { Relayed } from './relay.ts';
import { isShared } from './shared-socket.ts';
import { cutOff, isClogged } from './slow-page.ts';
import { Told } from './told.ts';

/** Tabs of one shopper that are served at once. */
const MOST_SOCKETS_PER_SHOPPER = 20;
const COME_BACK_AFTER_MS = 30_000;
const COME_BACK_SOON_MS = 1_000;
const PILES_UP_FOR_MS = 1_000;

interface ShopperPages {
  readonly key: ShopperKey;
  readonly sockets: Set<HubSocket>;
  readonly told: Told;
  readonly messages: TokenBucket;
  /** One of them has asked to see decisions. */
  isWatched: boolean;
}

/** The open pages on this node, by shopper. */
export class OpenPages {
  readonly #shoppers = new Map<ShopperName, ShopperPages>();
  /** Pages that were let go since they did not read what they were sent. */
  clogged = 0;
  readonly #telemetry: Telemetry;

  constructor(telemetry: Telemetry = noTelemetry) {
    this.#telemetry = telemetry;
  }

  get size(): number {
    let size = 0;
    for (const { sockets } of this.#shoppers.values()) size += sockets.size;
    return size;
  }

  /** False when this shopper has too many already; it was told to come back later. */
  add(socket: HubSocket): boolean {
    const { site, shopper } = socket.data.visitor;
    const name = nameOfShopper(socket.data.visitor);
    const pages = this.#shoppers.get(name) ?? {
      key: { site, shopper },
      sockets: new Set(),
      told: new Told(),
      messages: shopperMessages(performance.now()),
      isWatched: false,
    };
    if (pages.sockets.size >= MOST_SOCKETS_PER_SHOPPER) {
      leave(socket, COME_BACK_AFTER_MS);
      return false;
    }
    pages.sockets.add(socket);
    pages.isWatched ||= socket.data.visitor.inspect;
    socket.data.shopperMessages = pages.messages;
    this.#shoppers.set(name, pages);
    socket.on('disconnect', () => {
      pages.sockets.delete(socket);
      if (pages.sockets.size === 0 && this.#shoppers.get(name) === pages) this.#shoppers.delete(name);
    });
    return true;
  }

  /** One of the shopper's pages has been told all that was meant for them up to here. */
  welcomed(key: ShopperKey, seq: number): void {
    this.#shoppers.get(nameOfShopper(key))?.told.begin(seq);
  }

  has(key: ShopperKey): boolean {
    return this.#shoppers.has(nameOfShopper(key));
  }

  keys(): ShopperKey[] {
    return [...this.#shoppers.values()].map(({ key }) => key);
  }

  connected(site: SiteId): ShopperKey[] {
    return this.keys().filter((key) => key.site === site);
  }

  /** What another node has to say. */
  hear(message: Relayed): void {
    if ('news' in message) this.tell(message.key, message.news);
    else this.startOver(message.key);
  }

  tell(key: ShopperKey, { effects, decisions, since }: News): void {
    const pages = this.#shoppers.get(nameOfShopper(key));
    if (!pages || (effects.length === 0 && !pages.isWatched)) return;
    for (const effect of effects) pages.told.hear(effect.kind === 'push' ? effect.nudge.seq : effect.seq);
    let told = 0;
    for (const socket of pages.sockets) {
      if (this.#letsGo(socket)) continue;
      told++;
      for (const effect of effects) carryOut(socket, effect);
      if (socket.data.visitor.inspect)
        for (const { input, reasons } of decisions)
          socket.emit('decision', { input, at: Date.now(), reasons: reasons.map(forPages) });
    }
    if (told === 0) return;
    for (const effect of effects)
      if (effect.kind === 'push') this.#telemetry.pushed(key.site, effect.nudge, told, since);
  }

  /**
   * Looks after a page that is answered: where answers pile up, and still do after a while, it is let go. A page that reads has
   * many of them waiting, too, for as long as it takes to hear all that came in one breath.
   */
  answering(socket: HubSocket): void {
    if (socket.data.isSuspected || !isClogged(socket)) return;
    socket.data.isSuspected = true;
    setTimeout(() => {
      socket.data.isSuspected = false;
      this.#letsGo(socket);
    }, PILES_UP_FOR_MS);
  }

  #letsGo(socket: HubSocket): boolean {
    if (!isClogged(socket)) return false;
    if (socket.connected) this.clogged++;
    cutOff(socket.conn as unknown as Parameters<typeof cutOff>[0]);
    return true;
  }

  /** Whether something up to there was meant for the shopper's pages and never came by. */
  misses(key: ShopperKey, seq: number): boolean {
    return this.#shoppers.get(nameOfShopper(key))?.told.misses(seq) === true;
  }

  startOver(key: ShopperKey): void {
    for (const socket of this.#shoppers.get(nameOfShopper(key))?.sockets ?? [])
      leave(socket, COME_BACK_SOON_MS * (0.5 + Math.random()));
  }
}

/** Asks a page to come back after a while, and lets go of it once what is under way was answered. */
export function leave(socket: HubSocket, afterMs: number): void {
  socket.emit('moving', { after: afterMs });
  setTimeout(() => socket.disconnect(true), 0);
}

function carryOut(socket: HubSocket, effect: Effect): void {
  if (effect.kind === 'push') socket.emit('nudge', effect.nudge);
  else if (isShared(socket)) socket.emit('withdraw', { ...withdrawal(effect), ...reporterOf(effect) });
  else if (!isReporter(socket, effect)) socket.emit('withdraw', withdrawal(effect));
}

/** What a margin is tells what things cost the shop. */
function forPages(reason: Reason): Reason | { rule: string; result: string; by: string } {
  if (reason.result === 'fired' || reason.by !== 'margin_floor') return reason;
  return { rule: reason.rule, result: reason.result, by: reason.by };
}

function withdrawal({ id, reason, seq, keeper }: Extract<Effect, { kind: 'withdraw' }>) {
  return { id, reason, seq, ...(keeper === undefined ? {} : { keeper }) };
}

function reporterOf({ reporter }: Extract<Effect, { kind: 'withdraw' }>): { reporter?: string } {
  return reporter === undefined ? {} : { reporter };
}

function isReporter(socket: HubSocket, { reporter }: Extract<Effect, { kind: 'withdraw' }>): boolean {
  return reporter !== undefined && socket.data.visitor.tab === reporter;
}
