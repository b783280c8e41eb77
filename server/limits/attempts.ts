import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';

/**
 * What may be tried how often, by whom, over all hubs: so many times in so many seconds, and past it not for `blockS` seconds.
 * What a page says over its socket is counted where it comes in, by `SocketLimits` and `Addresses`.
 */
const ALLOWED = {
  /** Requests of a site's own server, by site. */
  request: { points: 6_000, duration: 60 },
  /** A key that no site has, by address. Whoever has a key is never locked out: a shop's servers may share an address. */
  wrong_key: { points: 20, duration: 60, blockDuration: 600 },
  /** A message without a site's signature, by address. Whoever signs rightly is never locked out. */
  wrong_signature: { points: 60, duration: 60, blockDuration: 600 },
  /** A message that an owner sends to see what becomes of it, by site. */
  webhook_test: { points: 20, duration: 60 },
  /** A session that is over or was never one, by address. */
  wrong_session: { points: 120, duration: 60 },
  /** Requests of somebody who has signed in, by account. */
  request_of_person: { points: 1_200, duration: 60 },
  /** Passwords and invitations that are tried, right ones too, by address. */
  sign_in: { points: 30, duration: 600, blockDuration: 600 },
  /** The same, by account and the address that its owner has signed in from before. */
  sign_in_from_known: { points: 10, duration: 600, blockDuration: 600 },
  /** The same, by account, from all other addresses together. */
  sign_in_from_elsewhere: { points: 10, duration: 600, blockDuration: 600 },
  /** A code that the site does not know, by whoever typed it. */
  unknown_code: { points: 10, duration: 3_600, blockDuration: 3_600 },
  /** The same where the shop does not say who typed it, by site. */
  unknown_code_of_site: { points: 300, duration: 600, blockDuration: 600 },
  /** Codes that are given to one address in a day. Each site says how many are too many. */
  offer: { points: 10_000_000, duration: 86_400 },
} as const;
export type Attempted = keyof typeof ALLOWED;

/** Counts what is tried. Exact over all hubs; each counts for itself while the store of many hubs is away. */
export interface Attempts {
  /** Counts one more. In how many milliseconds it may be tried again; 0: it may be now. */
  count(what: Attempted, by: string): Promise<number>;
  /** The same, without counting one. */
  blockedFor(what: Attempted, by: string): Promise<number>;
  /** Counts one more, and resolves with how many there have been in the time that they are counted over. */
  tally(what: Attempted, by: string): Promise<number>;
}

/** For load tests: whatever is tried may be. */
export const openAttempts: Attempts = {
  count: () => Promise.resolve(0),
  blockedFor: () => Promise.resolve(0),
  tally: () => Promise.resolve(0),
};

type RedisLike = ConstructorParameters<typeof RateLimiterRedis>[0]['storeClient'];

export interface SharedCounts {
  readonly client: RedisLike;
  /** What the names of its keys begin with. */
  readonly prefix: string;
  /** Whether it is known not to answer now: nobody is to wait for it then. */
  isSilent(): boolean;
}

/** `shared`: where hubs count together; each counts for itself while that is away. */
export function createAttempts(shared: SharedCounts | null): Attempts {
  const limiters = Object.fromEntries(
    Object.entries(ALLOWED).map(([what, allowed]) => {
      const own = new RateLimiterMemory({ keyPrefix: what, ...allowed });
      if (!shared) return [what, { own, together: own }];
      const { client: storeClient, prefix } = shared;
      const keyPrefix = `${prefix}:limit:${what}`;
      const together = new RateLimiterRedis({ ...allowed, keyPrefix, storeClient, insuranceLimiter: own });
      return [what, { own, together }];
    }),
    // Two for each entry of the table.
  ) as Record<Attempted, Record<'own' | 'together', RateLimiterAbstract>>;
  const limiterOf = (what: Attempted) => limiters[what][shared?.isSilent() ? 'own' : 'together'];
  return {
    async count(what, by) {
      try {
        await limiterOf(what).consume(by);
        return 0;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext);
        throw refused;
      }
    },
    async tally(what, by) {
      return (await limiterOf(what).consume(by)).consumedPoints;
    },
    async blockedFor(what, by) {
      const known = await limiterOf(what).get(by);
      return known && known.consumedPoints > ALLOWED[what].points ? Math.max(1, known.msBeforeNext) : 0;
    },
  };
}
