import { describe, expect, it } from 'vitest';
import { Rule } from '../../../shared/rule.ts';
import { faultsIn, faultyPaths } from '../support/faults.ts';
import { countdownOn, ruleOn } from '../support/sample-site.ts';

const rule = ruleOn('add_to_cart');
const offer = { percentOff: 10, validFor: '15m' };
const toast = { kind: 'toast', title: 'Hello' };

describe('a rule is refused with the exact place', () => {
  it.each<[what: string, rule: object, faults: string[]]>([
    [
      'a countdown without an offer',
      { ...countdownOn('add_to_cart'), offer: undefined },
      ['offer: A countdown counts down to an offer.'],
    ],
    ['an offer without a countdown', { ...rule, offer }, ['offer: Only a countdown carries an offer.']],
    [
      'a progress bar to nowhere',
      { ...rule, nudge: { kind: 'progress', title: 'Hello' } },
      ['nudge.goal: Say which value of the cart it leads to.'],
    ],
    [
      'a goal without a progress bar',
      { ...rule, nudge: { ...toast, goal: { value: 60 } } },
      ['nudge.goal: Only progress has this.'],
    ],
    [
      'something for a place that it does not name',
      { ...rule, nudge: { kind: 'inline', title: 'Hello' } },
      ['nudge.slot: Say which marked place of the page it fills.'],
    ],
    [
      'a place for what appears above the page',
      { ...rule, nudge: { ...toast, slot: 'delivery-promise', look: 'badges' } },
      ['nudge.slot: Only inline has this.', 'nudge.look: Only inline has this.'],
    ],
    [
      'a wait without cart_idle',
      { ...rule, after: '10s' },
      ['after: Only cart_idle, checkout_stalled, cart_dwell wait.'],
    ],
    [
      'cart_idle without a wait',
      ruleOn('cart_idle', { after: undefined }),
      ['after: Say how long it must have lasted.'],
    ],
    [
      'an unknown trigger',
      { ...rule, on: 'cart-idle' },
      ['on: Unknown trigger "cart-idle". Did you mean "cart_idle"?'],
    ],
    [
      'a repeat without repeat_view',
      { ...rule, repeat: { times: 2, within: '1d' } },
      ['repeat: Only repeat_view has this.'],
    ],
    [
      'repeat_view without a repeat',
      ruleOn('repeat_view'),
      ['repeat: Say at which view it fires, and within how long.'],
    ],
    [
      'cart_threshold without a threshold',
      ruleOn('cart_threshold'),
      ['threshold: Say which value, and how near the cart must be to it.'],
    ],
    [
      'a threshold that every cart is near to',
      ruleOn('cart_threshold', { threshold: { value: 10, within: 11 } }),
      ['threshold.within: Not more than the value itself.'],
    ],
    [
      'an offer that is not promotional',
      countdownOn('add_to_cart', { class: 'transactional' }),
      ['class: An offer is promotional.'],
    ],
    ['a wait too short', ruleOn('cart_idle', { after: '999ms' }), ['after: At least 1s.']],
    [
      'an offer too short',
      countdownOn('add_to_cart', { offer: { ...offer, validFor: '9s' } }),
      ['offer.validFor: An offer is valid for at least 10s.'],
    ],
    [
      'a script for a link',
      { ...rule, nudge: { ...toast, cta: { label: 'Go', href: 'javascript:alert(1)' } } },
      ['nudge.cta.href: Use a path starting with "/", "./", "?" or "#", or an https:// address.'],
    ],
  ])('%s', (_, given, faults) => expect(faultsIn(Rule, given)).toEqual(faults));

  it.each<[what: string, rule: object, paths: string[]]>([
    ['an unknown field', { ...rule, wehn: {} }, ['wehn']],
    ['an unknown field of its nudge', { ...rule, nudge: { ...toast, titel: 'x' } }, ['nudge.titel']],
    [
      'an unknown field of its offer',
      countdownOn('add_to_cart', { offer: { ...offer, cents: 5 } as typeof offer }),
      ['offer.cents'],
    ],
    ['no times in a limit', { ...rule, limit: { times: 0, per: '1d' } }, ['limit.times']],
    ['101 times in a limit', { ...rule, limit: { times: 101, per: '1d' } }, ['limit.times']],
    ['one and a half times', { ...rule, limit: { times: 1.5, per: '1d' } }, ['limit.times']],
    ['a limit per 367 days', { ...rule, limit: { times: 1, per: '367d' } }, ['limit.per']],
    ['a limit per no time at all', { ...rule, limit: { times: 1, per: '0s' } }, ['limit.per']],
    ['a priority past 100', { ...rule, priority: 101 }, ['priority']],
    ['nothing off', countdownOn('add_to_cart', { offer: { ...offer, percentOff: 0 } }), ['offer.percentOff']],
    [
      'more than all off',
      countdownOn('add_to_cart', { offer: { ...offer, percentOff: 101 } }),
      ['offer.percentOff'],
    ],
    ['no trigger', { ...rule, on: undefined }, ['on']],
    ['a repeat of one', ruleOn('repeat_view', { repeat: { times: 1, within: '1d' } }), ['repeat.times']],
    [
      'a threshold of nothing',
      ruleOn('cart_threshold', { threshold: { value: 0, within: 1 } }),
      ['threshold.value', 'threshold.within'],
    ],
    ['an unknown kind', { ...rule, nudge: { ...toast, kind: 'popup' } }, ['nudge.kind']],
    ['no title', { ...rule, nudge: { kind: 'toast' } }, ['nudge.title']],
    ['an id that is no id', { ...rule, id: 'Idle Cart' }, ['id']],
    ['conditions that are a list', { ...rule, when: [] }, ['when']],
    ['a status of its own', { ...rule, status: 'live' }, ['status']],
  ])('%s', (_, given, paths) => expect(faultyPaths(Rule, given)).toEqual(paths));
});

it('what a rule leaves out has a plain meaning', () => {
  const { status: _, ...bare } = rule;
  expect(Rule.parse(bare)).toMatchObject({ status: 'draft', when: {}, priority: 50 });
});
