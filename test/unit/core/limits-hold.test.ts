import fc from 'fast-check';
import { expect, it } from 'vitest';
import { durationMs } from '../../../shared/duration.ts';
import { HOUR, MINUTE } from '../support/durations.ts';
import { acts, busyActs, perform } from '../support/random-life.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, pushedBy, Story } from '../support/story.ts';

const brief = { kind: 'toast', title: 'Hello', validFor: '2m' } as const;

/** Loose conditions, tight limits: something wants to fire at almost every step. */
const rules = [
  ruleOn('add_to_cart', { id: 'add', nudge: brief, limit: { times: 2, per: '1h' } }),
  ruleOn('add_to_cart', { id: 'add-more', nudge: brief, priority: 10 }),
  countdownOn('view_cart', { id: 'offer', limit: { times: 3, per: '1d' } }),
  countdownOn('exit_intent', { id: 'offer-too', offer: { percentOff: 20, validFor: '1h' } }),
  ruleOn('begin_checkout', { id: 'checkout', nudge: brief, limit: { times: 1, per: '10m' } }),
  ruleOn('cart_idle', { id: 'idle', nudge: brief, limit: { times: 1, per: '10s' } }),
  ruleOn('purchase', { id: 'thanks', nudge: brief }),
];
const settings = {
  limit: { times: 4, per: '2h' },
  cooldown: '1m',
  restAfterDismissal: '10m',
  abandonAfter: '30m',
};
const live = liveSite(rules, { settings });

interface Counted {
  readonly nudge: string;
  readonly rule: string;
  readonly at: number;
}

function mostIn(counted: readonly Counted[], windowMs: number): number {
  const inWindow = (end: number) => counted.filter(({ at }) => at <= end && at > end - windowMs).length;
  return Math.max(0, ...counted.map(({ at }) => inWindow(at)));
}

it('no rolling window ever holds more seen or live nudges than its limit, and the cooldown is kept', () => {
  fc.assert(
    fc.property(fc.oneof(busyActs(60), acts(60)), (life) => {
      const story = new Story(live);
      let counted: Counted[] = [];
      for (const act of life) {
        const decision = perform(story, act);
        const unseen = decision.ended.filter(({ displayed }) => !displayed).map(({ nudge }) => nudge);
        counted = counted.filter(({ nudge }) => !unseen.includes(nudge));
        for (const rule of firedIn(decision)) {
          const latest = Math.max(Number.NEGATIVE_INFINITY, ...counted.map(({ at }) => at));
          expect(story.now - latest).toBeGreaterThanOrEqual(MINUTE);
          counted.push({ nudge: pushedBy(decision).id, rule, at: story.now });
        }
        expect(mostIn(counted, 2 * HOUR)).toBeLessThanOrEqual(4);
        for (const { id, limit } of rules) {
          if (limit === undefined) continue;
          const own = counted.filter(({ rule }) => rule === id);
          expect(mostIn(own, durationMs(limit.per))).toBeLessThanOrEqual(limit.times);
        }
      }
    }),
    { numRuns: 150 },
  );
});

it('there are never two live offers that are not spent', () => {
  fc.assert(
    fc.property(fc.oneof(busyActs(60), acts(60)), (life) => {
      const story = new Story(live);
      const offers = new Map<string, number>();
      for (const act of life) {
        const decision = perform(story, act);
        if (decision.answer.kind === 'redeem' && decision.answer.outcome === 'redeemed')
          for (const { nudge, order } of story.shopper.coupons) if (order !== null) offers.delete(nudge);
        for (const effect of decision.effects) {
          if (effect.kind === 'push' && effect.nudge.offer)
            offers.set(effect.nudge.id, effect.nudge.offer.expiresAt);
        }
        const unspent = [...offers.values()].filter((expiresAt) => expiresAt > story.now);
        expect(unspent.length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 120 },
  );
});

it('a rule rests after a dismissal, whatever happens meanwhile', () => {
  const restless = liveSite(rules, { settings: { restAfterDismissal: '10m' } });
  fc.assert(
    fc.property(fc.oneof(busyActs(60), acts(60)), (life) => {
      const story = new Story(restless);
      const dismissed = new Map<string, number>();
      for (const act of life) {
        const decision = perform(story, act);
        for (const rule of firedIn(decision))
          expect(story.now).toBeGreaterThanOrEqual((dismissed.get(rule) ?? 0) + 10 * MINUTE);
        for (const { why, rule } of decision.ended) if (why === 'dismissed') dismissed.set(rule, story.now);
      }
    }),
    { numRuns: 120 },
  );
});

it('a shopper’s document stays within its bounds', () => {
  fc.assert(
    fc.property(busyActs(150), (life) => {
      const story = new Story(live);
      for (const act of life) perform(story, act);
      const { cart, viewed, nudges, past, coupons, orders } = story.shopper;
      expect(cart.ledger.pending.length).toBeLessThanOrEqual(50);
      expect(viewed.length).toBeLessThanOrEqual(20);
      expect(nudges.length).toBeLessThanOrEqual(10);
      expect(past.length).toBeLessThanOrEqual(200);
      expect(coupons.length).toBeLessThanOrEqual(20);
      expect(orders.recent.length).toBeLessThanOrEqual(50);
    }),
    { numRuns: 30 },
  );
});
