import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acts, perform } from '../support/random-life.ts';
import { eventOf } from '../support/sample-event.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { MINUTE } from '../support/durations.ts';
import { pushedBy, Story } from '../support/story.ts';

const toastAndCountdown = liveSite([ruleOn('exit_intent', { id: 'toast' }), countdownOn('add_to_cart')]);

function withToast(): Story {
  const story = new Story(toastAndCountdown);
  story.page('exit_intent');
  return story;
}

function withCountdown(): Story {
  const story = new Story(toastAndCountdown);
  story.adds('mug');
  return story;
}

describe('how a nudge ends', () => {
  it('expires at its deadline, and not a millisecond early', () => {
    const story = withToast();
    expect(story.wait(10 * MINUTE - 1).clock().ended).toEqual([]);
    expect(story.wait(1).clock().ended).toMatchObject([{ rule: 'toast', why: 'expired', displayed: false }]);
    expect(story.nudges).toEqual([]);
  });

  it('a dismissed nudge leaves every page', () => {
    const story = withCountdown();
    const [shown] = story.nudges;
    const decision = story.dismisses();
    expect(decision.effects).toMatchObject([{ kind: 'withdraw', id: shown?.id, reason: 'dismissed' }]);
    expect(decision.ended).toMatchObject([{ why: 'dismissed', displayed: true }]);
  });

  it('says which tab dismissed it, so that this one need not be told', () => {
    const story = withToast();
    const [shown] = story.nudges;
    const event = eventOf({
      id: 'event-0001',
      name: 'nudge_dismissed',
      rev: 9,
      params: { nudge: shown?.id },
    });
    const decision = story.input({ kind: 'event', source: 'page', event, tab: 'tab-aaaaaa' });
    expect(decision.effects).toMatchObject([{ reason: 'dismissed', reporter: 'tab-aaaaaa' }]);
  });

  it('a clicked toast leaves', () => {
    const story = withToast();
    const [shown] = story.nudges;
    expect(story.page('nudge_clicked', { nudge: shown?.id }).ended).toMatchObject([{ why: 'clicked' }]);
  });

  it('a clicked countdown stays: its code is still needed', () => {
    const story = withCountdown();
    const [shown] = story.nudges;
    expect(story.page('nudge_clicked', { nudge: shown?.id }).ended).toEqual([]);
    expect(story.shopper.nudges).toMatchObject([{ state: 'displayed' }]);
  });

  it('a rated nudge stays as it is', () => {
    const story = withToast();
    const before = story.shopper.nudges;
    story.page('nudge_rated', { nudge: before[0]?.nudge.id, rating: 'useful' });
    expect(story.shopper.nudges).toBe(before);
  });

  it('what is reported of a nudge that is gone changes nothing', () => {
    const story = withToast();
    const [gone] = story.nudges;
    story.dismisses();
    for (const name of ['nudge_displayed', 'nudge_clicked', 'nudge_dismissed', 'nudge_rated'] as const) {
      const decision = story.page(name, { nudge: gone?.id });
      expect(decision).toMatchObject({ effects: [], ended: [] });
    }
  });

  it('the oldest makes room for the eleventh', () => {
    const story = crowded();
    const [oldest] = story.nudges;
    expect(story.adds('mug').ended).toMatchObject([{ nudge: oldest?.id, why: 'replaced' }]);
    expect(story.nudges).toHaveLength(10);
  });
});

/** A shopper with ten live nudges, where the next addition brings one more. */
function crowded(): Story {
  const rules = Array.from({ length: 11 }, (_, index) => ruleOn('add_to_cart', { id: `rule-${index}` }));
  const story = new Story(liveSite(rules));
  for (let count = 0; count < 10; count++) story.adds('mug');
  return story;
}

describe('what the pages are told', () => {
  const seqs = (effects: ReturnType<Story['adds']>['effects']) =>
    effects.map((effect) => (effect.kind === 'push' ? effect.nudge.seq : effect.seq));

  it('every message has a number of its own, counting up', () => {
    const live = liveSite([
      countdownOn('add_to_cart'),
      ruleOn('exit_intent'),
      ruleOn('cart_idle'),
      ruleOn('purchase'),
    ]);
    fc.assert(
      fc.property(acts(50), (life) => {
        const story = new Story(live);
        const told = life.flatMap((act) => seqs(perform(story, act).effects));
        expect(told).toEqual(told.map((_, index) => index + 1));
        expect(story.shopper.seq).toBe(told.length);
      }),
      { numRuns: 150 },
    );
  });

  it('also when one nudge makes room for another', () => {
    const story = crowded();
    const before = story.shopper.seq;
    expect(seqs(story.adds('mug').effects)).toEqual([before + 1, before + 2]);
  });

  it('every nudge that was never seen ends with a reason on record', () => {
    const live = liveSite([countdownOn('add_to_cart'), ruleOn('exit_intent'), ruleOn('purchase')]);
    fc.assert(
      fc.property(acts(50), (life) => {
        const story = new Story(live);
        const open = new Set<string>();
        for (const act of life) {
          const decision = perform(story, act);
          for (const { nudge } of decision.ended) expect(open.delete(nudge)).toBe(true);
          for (const effect of decision.effects) if (effect.kind === 'push') open.add(pushedBy(decision).id);
          expect(new Set(story.nudges.map(({ id }) => id))).toEqual(open);
        }
      }),
      { numRuns: 150 },
    );
  });
});
