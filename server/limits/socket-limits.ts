import type { Addresses } from './addresses.ts';
import type { ClientAddress } from './client-address.ts';
import { comeAgainMs } from './come-again.ts';
import { TokenBucket } from './token-bucket.ts';

/** A page puts what it has to say into few messages: a shopper's hands bring about some a second, and a queue a handful at once. */
const MESSAGES = { perSecond: 20, most: 40 } as const;
/** Over all tabs of a shopper that do not share a socket. */
const SHOPPER_MESSAGES = { perSecond: 40, most: 120 } as const;
/** Of messages that are refused for what others say, too: each tab that listens comes back once in a second or two. */
const TURNED_AWAY = { perSecond: 10, most: 20 } as const;
/** Frames and their characters, before anything is made of them. No page of ours comes near it, whatever happens to it. */
const PACKETS = { perSecond: 100, most: 400 } as const;
const CHARACTERS = { perSecond: 128_000, most: 1_000_000 } as const;
/** Whoever goes on sending after having been asked to wait, in so many seconds, does not listen. */
const STRIKES = 3;
const FORGIVEN_AFTER_MS = 10_000;
const STRIKE_MS = 1_000;

/** All tabs of a shopper on this hub. */
export function shopperMessages(now: number): TokenBucket {
  return new TokenBucket(SHOPPER_MESSAGES.perSecond, SHOPPER_MESSAGES.most, now);
}

/**
 * What one socket may send. Whoever sends too many messages is told when to come back; whoever does not listen, or floods
 * the socket below all messages, is cut off, and their address may open no socket for a minute.
 */
export class SocketLimits {
  readonly address: ClientAddress;
  readonly #addresses: Addresses;
  readonly #cut: () => void;
  readonly #messages: TokenBucket;
  readonly #turnedAway: TokenBucket;
  readonly #packets: TokenBucket;
  readonly #characters: TokenBucket;
  #strikes = 0;
  #struckAt = Number.NEGATIVE_INFINITY;

  /** `cut`: ends the socket at once. */
  constructor(address: ClientAddress, addresses: Addresses, cut: () => void, now = performance.now()) {
    this.address = address;
    this.#addresses = addresses;
    this.#cut = cut;
    this.#messages = new TokenBucket(MESSAGES.perSecond, MESSAGES.most, now);
    this.#turnedAway = new TokenBucket(TURNED_AWAY.perSecond, TURNED_AWAY.most, now);
    this.#packets = new TokenBucket(PACKETS.perSecond, PACKETS.most, now);
    this.#characters = new TokenBucket(CHARACTERS.perSecond, CHARACTERS.most, now);
  }

  notePacket(characters: number, now = performance.now()): void {
    if (!this.#packets.take(now) || !this.#characters.take(now, characters)) this.#cutOff();
  }

  /** In how many milliseconds a message may come again; 0: it is taken. `shopper`: what all their tabs share. */
  refusesMessage(shopper: TokenBucket, now = performance.now()): number {
    const own = this.#messages.take(now) ? 0 : this.#messages.waitMs();
    const waitMs = own || (shopper.take(now) ? 0 : shopper.waitMs());
    if (waitMs === 0) return this.#refusesForAddress(now);
    this.#addresses.refused++;
    this.#strike(now);
    return waitMs;
  }

  /** A message was refused for what others say, too. */
  noteTurnedAway(now = performance.now()): void {
    if (!this.#turnedAway.take(now)) this.#strike(now);
  }

  #refusesForAddress(now: number): number {
    const waitMs = this.#addresses.refusesMessage(this.address, now);
    if (waitMs === 0) return 0;
    this.noteTurnedAway(now);
    return comeAgainMs(waitMs);
  }

  #strike(now: number): void {
    if (now - this.#struckAt > FORGIVEN_AFTER_MS) this.#strikes = 0;
    else if (now - this.#struckAt < STRIKE_MS) return;
    this.#struckAt = now;
    if (++this.#strikes >= STRIKES) this.#cutOff();
  }

  #cutOff(): void {
    this.#addresses.block(this.address);
    this.#cut();
  }
}
