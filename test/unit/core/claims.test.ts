import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairModel } from '../../../server/learning/pair-model.ts';
import { SiteId } from '../../../shared/ids.ts';
import type { NudgeKind } from '../../../shared/nudge-kinds.ts';
import { countdownOn, liveSite, ruleOn } from '../support/sample-site.ts';
import { SHOPPER, START, Story } from '../support/story.ts';

const ME = 'tab-me-myself';
const OTHER = 'tab-the-other';

type Given = 'offered' | 'claimed by me' | 'claimed by other' | 'displayed by me' | 'displayed by other';
type Expected = 'granted' | 'taken' | 'gone';

function learnedPairs() {
  const model = new PairModel();
  const site = SiteId.parse('demo');
  const together = [{ how: 'bought', item: 'mug', with: ['pot'] }] as const;
  const seed = [1, 2, 3, 4] as const;
  const record = {
    at: START,
    site,
    shopper: SHOPPER,
    version: 1,
    seed,
    input: { kind: 'clock' },
    together,
  } as const;
  model.absorb(new Map(model.changesOf(record)));
  return model.learned(site);
}

const learned = learnedPairs();

/** What some kinds can't be without. */
const PARTS: Partial<Record<NudgeKind, object>> = {
  progress: { goal: { value: 60 } },
  inline: { slot: 'delivery-promise' },
};

function storyWith(kind: NudgeKind): Story {
  const rule =
    kind === 'countdown'
      ? countdownOn('add_to_cart')
      : ruleOn('add_to_cart', { nudge: { kind, title: 'Hello', ...PARTS[kind] } });
  const story = new Story(liveSite([rule], { learned }));
  story.adds('mug');
  return story;
}

function idOf(story: Story): string {
  return story.nudges[0]?.id ?? 'none-at-all';
}

function bring(story: Story, given: Given): void {
  if (given === 'offered') return;
  story.claim(idOf(story), given.endsWith('me') ? ME : OTHER);
  if (given.startsWith('displayed')) story.sees();
}

describe('who may paint', () => {
  const kinds = {
    once: ['toast', 'recommendation', 'bar'],
    follows: ['countdown', 'progress', 'inline'],
  } as const;
  it.each<[kind: keyof typeof kinds, given: Given, from: 'push' | 'page', expected: Expected]>([
    ['once', 'offered', 'push', 'granted'],
    ['once', 'offered', 'page', 'granted'],
    ['once', 'claimed by me', 'push', 'granted'],
    ['once', 'claimed by me', 'page', 'granted'],
    ['once', 'claimed by other', 'push', 'taken'],
    ['once', 'claimed by other', 'page', 'taken'],
    ['once', 'displayed by me', 'push', 'gone'],
    ['once', 'displayed by me', 'page', 'gone'],
    ['once', 'displayed by other', 'push', 'taken'],
    ['once', 'displayed by other', 'page', 'taken'],
    ['follows', 'offered', 'push', 'granted'],
    ['follows', 'offered', 'page', 'granted'],
    ['follows', 'claimed by me', 'push', 'granted'],
    ['follows', 'claimed by me', 'page', 'granted'],
    ['follows', 'claimed by other', 'push', 'taken'],
    ['follows', 'claimed by other', 'page', 'granted'],
    ['follows', 'displayed by me', 'push', 'granted'],
    ['follows', 'displayed by me', 'page', 'granted'],
    ['follows', 'displayed by other', 'push', 'taken'],
    ['follows', 'displayed by other', 'page', 'granted'],
  ])('painted %s, %s, from %s: %s', (painted, given, from, expected) => {
    for (const kind of kinds[painted]) {
      const story = storyWith(kind);
      bring(story, given);
      const { answer } = story.claim(idOf(story), ME, from);
      expect(answer).toEqual(
        expected === 'granted'
          ? { kind: 'claim', granted: true }
          : { kind: 'claim', granted: false, reason: expected },
      );
    }
  });

  it('a nudge that never was is gone', () => {
    expect(storyWith('toast').claim('n_00000000').answer).toMatchObject({ granted: false, reason: 'gone' });
  });

  it('a nudge is gone at the millisecond it expires', () => {
    const story = storyWith('toast');
    const id = idOf(story);
    story.now = story.nudges[0]?.expiresAt ?? 0;
    expect(story.claim(id).answer).toMatchObject({ granted: false, reason: 'gone' });
  });

  it('a countdown that moves says which tab keeps it', () => {
    const story = storyWith('countdown');
    story.claim(idOf(story), OTHER);
    expect(story.claim(idOf(story), ME, 'page').effects).toMatchObject([
      { kind: 'withdraw', reason: 'moved', keeper: ME },
    ]);
  });

  it('a countdown that stays where it is moves nowhere', () => {
    const story = storyWith('countdown');
    story.claim(idOf(story), ME);
    expect(story.claim(idOf(story), ME, 'page').effects).toEqual([]);
  });

  it('a countdown stays displayed when it moves', () => {
    const story = storyWith('countdown');
    bring(story, 'displayed by other');
    story.claim(idOf(story), ME, 'page');
    expect(story.shopper.nudges).toMatchObject([{ state: 'displayed', tab: ME }]);
  });

  it('a claim that is refused changes nothing', () => {
    const story = storyWith('toast');
    bring(story, 'claimed by other');
    const before = story.shopper;
    story.claim(idOf(story), ME);
    expect(story.shopper).toBe(before);
  });
});

it.each(['toast', 'countdown'] as const)('over any claims by five tabs at most one holds a %s', (kind) => {
  const claims = fc.array(
    fc.record({
      tab: fc.constantFrom('tab-one-1', 'tab-two-2', 'tab-three', 'tab-four-', 'tab-five-'),
      from: fc.constantFrom('push', 'page'),
      isSeen: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(claims, (asked) => {
      const story = storyWith(kind);
      const everGranted = new Set<string>();
      let holders = new Set<string>();
      for (const { tab, from, isSeen } of asked) {
        const { answer, effects } = story.claim(idOf(story), tab, from);
        for (const effect of effects)
          if (effect.kind === 'withdraw' && effect.reason === 'moved')
            holders = new Set([...holders].filter((holder) => holder === effect.keeper));
        if (answer.kind === 'claim' && answer.granted) {
          holders.add(tab);
          everGranted.add(tab);
        }
        expect(holders.size).toBe(1);
        if (kind === 'toast') expect(everGranted.size).toBe(1);
        if (isSeen && holders.has(tab)) story.sees();
      }
    }),
    { numRuns: 200 },
  );
});
