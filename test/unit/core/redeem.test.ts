import { describe, expect, it } from 'vitest';
import { canonicalCode, couponCode, randomFrom } from '../../../server/core/random.ts';
import { MINUTE } from '../support/durations.ts';
import { countdownOn, liveSite } from '../support/sample-site.ts';
import { pushedBy, Story } from '../support/story.ts';

function withCode(): { story: Story; code: string } {
  const story = new Story(liveSite([countdownOn('add_to_cart')]));
  story.adds('mug');
  return { story, code: story.shopper.coupons[0]?.digest ?? '' };
}

const outcome = (decision: ReturnType<Story['redeem']>) =>
  decision.answer.kind === 'redeem' ? decision.answer.outcome : decision.answer.kind;

describe('a code', () => {
  it('is redeemed once', () => {
    const { story, code } = withCode();
    const coupon = { digest: code, percentOff: 10, order: 'order-1', expiresAt: story.now + 15 * MINUTE };
    expect(story.redeem(code, 'order-1').answer).toMatchObject({
      kind: 'redeem',
      outcome: 'redeemed',
      coupon,
    });
    expect(outcome(story.redeem(code, 'order-2'))).toBe('spent');
  });

  it('the same order may ask again, even past the deadline', () => {
    const { story, code } = withCode();
    const { answer } = story.redeem(code, 'order-1');
    expect(story.redeem(code, 'order-1').answer).toEqual(answer);
    expect(story.wait(60 * MINUTE).redeem(code, 'order-1').answer).toEqual(answer);
  });

  it('is worth something up to its deadline’s millisecond', () => {
    const { story, code } = withCode();
    story.wait(15 * MINUTE - 1);
    expect(outcome(story.redeem(code))).toBe('redeemed');
  });

  it('is worth nothing from its deadline’s millisecond on', () => {
    const { story, code } = withCode();
    expect(outcome(story.wait(15 * MINUTE).redeem(code))).toBe('expired');
  });

  it('is still good after its countdown was dismissed or its cart was bought', () => {
    for (const happens of [(story: Story) => story.dismisses(), (story: Story) => story.buys()]) {
      const { story, code } = withCode();
      happens(story);
      expect(outcome(story.redeem(code))).toBe('redeemed');
    }
  });

  it('that nobody was given is unknown', () => {
    expect(outcome(withCode().story.redeem('0000-0000-0000-0000'))).toBe('unknown');
  });

  it('takes its countdown off every page when it is spent', () => {
    const { story, code } = withCode();
    expect(story.redeem(code).ended).toMatchObject([{ why: 'spent' }]);
    expect(story.nudges).toEqual([]);
  });

  it('is given back by the order that has spent it, and by no other, as often as it asks', () => {
    const { story, code } = withCode();
    const release = (order: string) => story.input({ kind: 'release', digest: code, order }).answer;
    story.redeem(code, 'order-1');
    expect(release('order-2')).toEqual({ kind: 'release', outcome: 'spent' });
    expect(outcome(story.redeem(code, 'order-2'))).toBe('spent');
    for (let time = 0; time < 2; time++)
      expect(release('order-1')).toEqual({ kind: 'release', outcome: 'released' });
    expect(outcome(story.redeem(code, 'order-2'))).toBe('redeemed');
    expect(story.input({ kind: 'release', digest: 'unknown', order: 'order-1' }).answer).toEqual({
      kind: 'release',
      outcome: 'unknown',
    });
  });

  it('that was given back is worth nothing past its deadline', () => {
    const { story, code } = withCode();
    story.redeem(code, 'order-1');
    story.wait(15 * MINUTE).input({ kind: 'release', digest: code, order: 'order-1' });
    expect(outcome(story.redeem(code, 'order-2'))).toBe('expired');
  });

  it('lies nowhere in the shopper’s document once its nudge is gone', () => {
    const story = new Story(liveSite([countdownOn('add_to_cart')]));
    const code = pushedBy(story.adds('mug')).offer?.code ?? 'none';
    expect(JSON.stringify(story.shopper)).toContain(code);
    story.dismisses();
    expect(JSON.stringify(story.shopper)).not.toContain(code);
    expect(outcome(story.redeem(code))).toBe('redeemed');
  });

  it('that is refused changes nothing', () => {
    const { story, code } = withCode();
    story.redeem(code, 'order-1');
    const before = story.shopper;
    story.redeem(code, 'order-2');
    story.redeem('unknown', 'order-2');
    expect(story.shopper).toBe(before);
  });

  it('works however it is typed', () => {
    const story = new Story(liveSite([countdownOn('add_to_cart')]));
    const code = pushedBy(story.adds('mug')).offer?.code ?? '';
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'i')} `;
    expect(outcome(story.redeem(typed))).toBe('redeemed');
  });
});

describe('codes as people type them', () => {
  it.each([
    ['ab12-cd34-ef56-gh78', 'AB12-CD34-EF56-GH78'],
    ['AB12CD34EF56GH78', 'AB12-CD34-EF56-GH78'],
    [' ab12 cd34\tef56 gh78 ', 'AB12-CD34-EF56-GH78'],
    ['OoIi-LlLl-0000-1111', '0011-1111-0000-1111'],
    ['AB1-2CD-34E', 'AB12-CD34-E'],
    ['', ''],
  ])('%j means %s', (typed, code) => expect(canonicalCode(typed)).toBe(code));
});

describe('codes as they are made', () => {
  const codes = Array.from({ length: 20_000 }, (_, seed) => couponCode(randomFrom([seed, 0, 0, 0])));

  it('are four groups of four letters that nobody takes for others', () => {
    expect(codes.every((code) => /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/.test(code))).toBe(true);
  });

  it('are stored as they are made', () => {
    expect(codes.slice(0, 100).map(canonicalCode)).toEqual(codes.slice(0, 100));
  });

  it('never meet, over 20,000 seeds that differ by one', () => {
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('use all 80 bits: every letter comes up at every place, about as often as any other', () => {
    const places = Array.from({ length: 16 }, (_, place) => place + Math.floor(place / 4));
    for (const place of places) {
      const counts = new Map<string, number>();
      for (const code of codes) counts.set(code.charAt(place), (counts.get(code.charAt(place)) ?? 0) + 1);
      expect(counts.size).toBe(32);
      expect(Math.min(...counts.values())).toBeGreaterThan(500);
      expect(Math.max(...counts.values())).toBeLessThan(750);
    }
  });

  it('the generator is sfc32 as published', () => {
    // PractRand's sfc32, seeded with 1, 2, 3, 4 and run 12 rounds, worked out with unsigned arithmetic.
    const state = [1n, 2n, 3n, 4n] as [bigint, bigint, bigint, bigint];
    const mask = 0xffffffffn;
    const next = () => {
      const [a, b, c, counter] = state;
      const output = (a + b + counter) & mask;
      const rotated = ((c << 21n) | (c >> 11n)) & mask;
      state[0] = b ^ (b >> 9n);
      state[1] = (c + (c << 3n)) & mask;
      state[2] = (rotated + output) & mask;
      state[3] = (counter + 1n) & mask;
      return Number(output);
    };
    for (let round = 0; round < 12; round++) next();
    const random = randomFrom([1, 2, 3, 4]);
    for (let draw = 0; draw < 100; draw++) expect(random.uint32()).toBe(next());
  });
});
