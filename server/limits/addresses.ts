import type { ClientAddress } from './client-address.ts';
import { TokenBucket } from './token-bucket.ts';

/** Addresses that are remembered; past it those that have nothing open and asked for nothing lately are forgotten first. */
const MOST_ADDRESSES = 50_000;
const BLOCKED_FOR_MS = 60_000;
/** Of its sockets an address may open all at once, and this share of them again each second. */
const OPENED_PER_SECOND = 0.1;
/** A page that is in use says something now and then, */
const MESSAGES_PER_SECOND = 2;
/** and not all of them in one moment: who waits behind a crowd that speaks at once waits for all of it. */
const MOMENT_S = 0.25;
/** A page that comes back has that much to say, with a few others. */
const LEAST_AT_ONCE = 50;

interface Known {
  sockets: number;
  readonly openings: TokenBucket;
  readonly messages: TokenBucket;
  blockedUntil: number;
}

/** What pages of one address do together on this hub. Behind one address there may be a household, or a town. */
export class Addresses {
  readonly #most: number;
  readonly #clock: () => number;
  readonly #known = new Map<ClientAddress, Known>();
  /** Connections and messages that were refused, and how often an address was shut out. */
  refused = 0;
  blocked = 0;

  /** `mostSockets`: of one address at a time. `clock`: milliseconds that run evenly. */
  constructor(mostSockets: number, clock: () => number = () => performance.now()) {
    this.#most = mostSockets;
    this.#clock = clock;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Whether one more page may connect from there. */
  admits(address: ClientAddress): boolean {
    const now = this.#clock();
    const known = this.#of(address, now);
    const isAdmitted = known.blockedUntil <= now && known.sockets < this.#most && known.openings.take(now);
    if (!isAdmitted) this.refused++;
    return isAdmitted;
  }

  opened(address: ClientAddress): void {
    this.#of(address, this.#clock()).sockets++;
  }

  closed(address: ClientAddress): void {
    const known = this.#known.get(address);
    if (known) known.sockets--;
  }

  /** In how many milliseconds the message may come again; 0: it is taken. */
  refusesMessage(address: ClientAddress, now = this.#clock()): number {
    const { messages } = this.#of(address, now);
    if (messages.take(now)) return 0;
    this.refused++;
    return messages.waitMs();
  }

  /** Nobody connects from there for a while; pages that are connected stay. */
  block(address: ClientAddress): void {
    const now = this.#clock();
    this.blocked++;
    this.#of(address, now).blockedUntil = now + BLOCKED_FOR_MS;
  }

  #of(address: ClientAddress, now: number): Known {
    let known = this.#known.get(address);
    if (known) return known;
    if (this.#known.size >= MOST_ADDRESSES) this.#forgetSome(now);
    const perSecond = MESSAGES_PER_SECOND * this.#most;
    known = {
      sockets: 0,
      openings: new TokenBucket(OPENED_PER_SECOND * this.#most, this.#most, now),
      messages: new TokenBucket(perSecond, Math.max(LEAST_AT_ONCE, MOMENT_S * perSecond), now),
      blockedUntil: 0,
    };
    this.#known.set(address, known);
    return known;
  }

  /** Of whom nothing is known that a new entry would not say, too; where that makes no room, the oldest without a page. */
  #forgetSome(now: number): void {
    for (const [address, { sockets, openings, messages, blockedUntil }] of this.#known)
      if (sockets === 0 && blockedUntil <= now && openings.isFull(now) && messages.isFull(now))
        this.#known.delete(address);
    for (const [address, { sockets }] of this.#known) {
      if (this.#known.size < MOST_ADDRESSES) return;
      if (sockets === 0) this.#known.delete(address);
    }
  }
}
