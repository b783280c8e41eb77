import { describe, expect, it } from 'vitest';
import type { Nudge } from '../../../shared/nudge.ts';
import { newSession, type Session, type Signal, step } from '../../../widget/session.ts';
import { nudge } from '../support/sample-nudge.ts';

const low = nudge('low-nudge', { priority: 10, seq: 1 });
const high = nudge('high-nudge', { priority: 90, seq: 2 });
const newer = nudge('newer-nudge', { priority: 10, seq: 3 });

const welcome = (...nudges: Nudge[]): Signal => ({ kind: 'welcome', nudges, seq: 100 });
const earlyWelcome = (seq: number, ...nudges: Nudge[]): Signal => ({ kind: 'welcome', nudges, seq });
const comes = (one: Nudge): Signal => ({ kind: 'nudge', nudge: one });
const granted = (id: string): Signal => ({ kind: 'claimed', id, ack: { ok: true } });
const refused = (id: string, reason: 'gone' | 'taken'): Signal => ({
  kind: 'claimed',
  id,
  ack: { ok: false, reason },
});
const unanswered = (id: string): Signal => ({ kind: 'claimed', id, ack: null });
const busy = (id: string): Signal => ({
  kind: 'claimed',
  id,
  ack: { ok: false, error: { code: 'busy', message: 'Later.' }, retryAfter: 500 },
});
const moved = (id: string, isKeeper: boolean): Signal => ({
  kind: 'withdraw',
  id,
  reason: 'moved',
  isKeeper,
});
const withdrawn = (id: string): Signal => ({ kind: 'withdraw', id, reason: 'purchased', isKeeper: false });
const left = (id: string): Signal => ({ kind: 'left', id });
const looks = (visible: boolean): Signal => ({ kind: 'visibility', visible });
const time = (now: number): Signal => ({ kind: 'time', now });

/** What the page does at the last signal, in words, and what it paints then. */
function after(
  signals: readonly Signal[],
  visible = true,
): { last: string[]; all: string[]; painted: string | null } {
  let session: Session = newSession(visible);
  let last: string[] = [];
  const all: string[] = [];
  for (const signal of signals) {
    const [next, commands] = step(session, signal);
    session = next;
    last = commands.map((command) =>
      command.kind === 'claim'
        ? `claim ${command.id} from ${command.from}`
        : `paint ${next.painted.card ?? null}`,
    );
    all.push(...last);
  }
  return { last, all, painted: session.painted.card ?? null };
}

const shown = (one: Nudge) => [comes(one), granted(one.id)];

describe('a page that was left and is back', () => {
  const back: Signal = { kind: 'returned' };
  const held = [welcome(), ...shown(high), comes(low)];

  it('keeps what is on screen, and paints nothing else before the hub has said what is still live', () => {
    expect(after([...held, back]).painted).toBe('high-nudge');
    expect(after([...shown(low), ...shown(high), back, left('high-nudge')])).toMatchObject({
      last: ['paint null'],
      painted: null,
    });
  });

  it('asks anew for what the welcome says is live', () => {
    const { last } = after([...shown(low), ...shown(high), back, left('high-nudge'), welcome(low)]);
    expect(last).toEqual(['claim low-nudge from page']);
  });
});

describe('the page’s next move', () => {
  it.each<[what: string, signals: Signal[], last: string[], painted: string | null]>([
    ['a nudge that comes is asked for', [welcome(), comes(low)], ['claim low-nudge from push'], null],
    [
      'what was there before the page is asked for from the page',
      [welcome(low)],
      ['claim low-nudge from page'],
      null,
    ],
    ['a granted one is painted', shown(low), ['paint low-nudge'], 'low-nudge'],
    ['of two the more important is asked for', [welcome(low, high)], ['claim high-nudge from page'], null],
    ['of equals the newer is asked for', [welcome(low, newer)], ['claim newer-nudge from page'], null],
    ['only one is asked for at a time', [comes(high), comes(low)], [], null],
    [
      'a more important one is asked for while another is painted',
      [...shown(low), comes(high)],
      ['claim high-nudge from push'],
      'low-nudge',
    ],
    ['and takes its place', [...shown(low), ...shown(high)], ['paint high-nudge'], 'high-nudge'],
    [
      'what it displaced comes back after it, without being asked for again',
      [...shown(low), ...shown(high), left('high-nudge')],
      ['paint low-nudge'],
      'low-nudge',
    ],
    ['a less important one waits for its turn', [...shown(high), comes(low)], [], 'high-nudge'],
    [
      'and is asked for when that comes',
      [...shown(high), comes(low), left('high-nudge')],
      ['claim low-nudge from push', 'paint null'],
      null,
    ],
    ['one that another tab has is not painted', [comes(low), refused('low-nudge', 'taken')], [], null],
    [
      'one that another tab has leaves the turn to the next',
      [welcome(low, high), refused('high-nudge', 'taken')],
      ['claim low-nudge from page'],
      null,
    ],
    [
      'one that is gone leaves the turn to the next',
      [welcome(low, high), refused('high-nudge', 'gone')],
      ['claim low-nudge from page'],
      null,
    ],
    ['an unanswered claim paints nothing', [comes(low), unanswered('low-nudge')], [], null],
    [
      'an unanswered claim is made again later',
      [comes(low), unanswered('low-nudge'), time(1)],
      ['claim low-nudge from push'],
      null,
    ],
    [
      'so is one that the hub was too busy for',
      [comes(low), busy('low-nudge'), time(1)],
      ['claim low-nudge from push'],
      null,
    ],
    [
      'an unanswered claim is made again at the next welcome',
      [comes(low), unanswered('low-nudge'), welcome(low)],
      ['claim low-nudge from push'],
      null,
    ],
    ['a withdrawn one leaves the screen', [...shown(low), withdrawn('low-nudge')], ['paint null'], null],
    [
      'a withdrawal of what is not known is nothing',
      [...shown(low), withdrawn('high-nudge')],
      [],
      'low-nudge',
    ],
    [
      'a claim that is granted after a withdrawal paints nothing',
      [comes(low), withdrawn('low-nudge'), granted('low-nudge')],
      [],
      null,
    ],
    [
      'one that moved elsewhere leaves the screen',
      [...shown(low), moved('low-nudge', false)],
      ['paint null'],
      null,
    ],
    ['one that moved here stays', [...shown(low), moved('low-nudge', true)], [], 'low-nudge'],
    [
      'one that moved away comes along when the shopper comes back',
      [...shown(low), moved('low-nudge', false), looks(false), looks(true)],
      ['claim low-nudge from page'],
      null,
    ],
    ['a page nobody looks at asks for nothing', [looks(false), comes(low)], [], null],
    [
      'it asks when it is looked at',
      [looks(false), comes(low), looks(true)],
      ['claim low-nudge from push'],
      null,
    ],
    ['what is painted stays while the page is hidden', [...shown(low), looks(false)], [], 'low-nudge'],
    [
      'a page that is looked at again does not ask for what it holds',
      [...shown(low), looks(false), looks(true)],
      [],
      'low-nudge',
    ],
    ['a reconnected page keeps what it holds', [...shown(low), welcome(low)], [], 'low-nudge'],
    ['and lets go of what is no longer live', [...shown(low), welcome()], ['paint null'], null],
    [
      'a reconnected page does not ask for what another tab has',
      [comes(low), refused('low-nudge', 'taken'), welcome(low)],
      [],
      null,
    ],
    [
      'a page whose shopper has become another asks as one that was just opened',
      [welcome(), earlyWelcome(Infinity, low)],
      ['claim low-nudge from page'],
      null,
    ],
    [
      'what came while the link was down counts as just arrived',
      [welcome(), welcome(low)],
      ['claim low-nudge from push'],
      null,
    ],
    ['one past its deadline leaves the screen', [...shown(low), time(1_000)], ['paint null'], null],
    ['and not a millisecond early', [...shown(low), time(999)], [], 'low-nudge'],
    [
      'one past its deadline leaves the turn to the next',
      [comes(nudge('brief-nudge', { priority: 99, expiresAt: 5 })), comes(low), time(5)],
      ['claim low-nudge from push'],
      null,
    ],
    ['one that comes twice stays on screen', [...shown(low), comes(low)], [], 'low-nudge'],
    ['one that comes twice is asked for once', [comes(low), comes(low)], [], null],
    [
      'one that comes twice stays with the tab that has it',
      [comes(low), refused('low-nudge', 'taken'), comes(low)],
      [],
      null,
    ],
  ])('%s', (_, signals, last, painted) => {
    expect(after(signals)).toMatchObject({ last, painted });
  });
});

it.each([
  ['stays where the welcome was written before it', 2, ['low-nudge', 'high-nudge', 'newer-nudge']],
  ['goes where the welcome knows of it and does not have it', 3, ['low-nudge', 'high-nudge']],
])('a nudge that came ahead of a welcome %s', (_, seq, stays) => {
  const [came] = step(newSession(true), comes(newer));
  const [{ known }] = step(came, earlyWelcome(seq, low, high));
  expect(known.map(({ nudge: { id } }) => id)).toEqual(stays);
});

it('a hidden page asks for nothing at all', () => {
  const signals = [welcome(low, high), comes(newer), time(1), welcome(low), comes(high), time(2)];
  expect(after(signals, false).all).toEqual([]);
});

it('a step changes none of its arguments', () => {
  const session = Object.freeze({ ...newSession(true), known: Object.freeze([]) });
  const [next] = step(session, Object.freeze(comes(low)));
  expect(next.known).toHaveLength(1);
  expect(session.known).toHaveLength(0);
});

describe('places of their own', () => {
  const bar = nudge('the-bar', { kind: 'bar', priority: 5, seq: 4 });
  const promise = nudge('promise', { kind: 'inline', slot: 'delivery-promise', priority: 1, seq: 5 });
  const badges = nudge('badges', { kind: 'inline', slot: 'trust', priority: 1, seq: 6 });
  const marked = (...slots: string[]): Signal => ({ kind: 'slots', slots });

  /** What is painted where, after all that was asked for was granted. */
  function paintedAfter(...signals: Signal[]): Session['painted'] {
    let session = newSession(true);
    for (const signal of signals) {
      const [next, commands] = step(session, signal);
      session = next;
      for (const command of commands)
        if (command.kind === 'claim') [session] = step(session, granted(command.id));
    }
    return session.painted;
  }

  it.each<[what: string, signals: Signal[], painted: Session['painted']]>([
    ['a bar does not wait for a card', [welcome(low, bar)], { card: 'low-nudge', bar: 'the-bar' }],
    ['of two cards one', [welcome(low, high, bar)], { card: 'high-nudge', bar: 'the-bar' }],
    ['what has a place of its own waits until the page has one', [welcome(promise)], {}],
    [
      'each marked place has one',
      [welcome(promise, badges), marked('delivery-promise', 'trust')],
      { 'slot delivery-promise': 'promise', 'slot trust': 'badges' },
    ],
    [
      'a place that the page no longer has shows nothing',
      [welcome(promise), marked('delivery-promise'), marked()],
      {},
    ],
    [
      'beside a card that leaves all others stay',
      [welcome(low, bar, promise), marked('delivery-promise'), left('low-nudge')],
      { bar: 'the-bar', 'slot delivery-promise': 'promise' },
    ],
  ])('%s', (_, signals, painted) => {
    expect(paintedAfter(...signals)).toEqual(painted);
  });
});

describe('a nudge that the hub tells anew', () => {
  const progress = (value: number, seq: number) =>
    nudge('progress', { kind: 'progress', seq, progress: { value, goal: 60, currency: 'EUR' } });

  it.each<[what: string, signals: Signal[], last: string[]]>([
    [
      'is painted anew where it is painted',
      [...shown(progress(20, 1)), comes(progress(40, 2))],
      ['paint progress'],
    ],
    ['is not asked for again', [comes(progress(20, 1)), comes(progress(40, 2))], []],
    [
      'an older word that comes late changes nothing',
      [...shown(progress(40, 2)), comes(progress(20, 1))],
      [],
    ],
    [
      'a welcome may be what tells it',
      [...shown(progress(20, 1)), welcome(progress(40, 2))],
      ['claim progress from push', 'paint progress'],
    ],
  ])('%s', (_, signals, last) => {
    expect(after(signals).last).toEqual(last);
  });
});
