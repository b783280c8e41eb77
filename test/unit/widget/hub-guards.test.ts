import { describe, expect, it } from 'vitest';
import { readHubMessage } from '../../../widget/transports/hub-guards.ts';
import { nudge } from '../support/sample-nudge.ts';

const item = { item_id: 'mug', item_name: 'Mug', price: 5, currency: 'EUR', url: '/mug' };
const offer = { code: 'A', percentOff: 10, expiresAt: 5 };
const welcome = {
  shopper: 's',
  token: 't',
  now: 5,
  epoch: 'e',
  seq: 0,
  rev: 0,
  nudges: [],
  preferences: {},
  settings: { inspect: false },
};
const good = nudge('good-nudge');

describe('what is well formed is taken', () => {
  it.each([
    ['welcome', welcome],
    ['welcome', { ...welcome, nudges: [good] }],
    ['nudge', good],
    ['nudge', { ...good, kind: 'countdown', offer }],
    ['nudge', { ...good, kind: 'recommendation', items: [item] }],
    ['nudge', { ...good, kind: 'progress', progress: { value: 20, goal: 60, currency: 'EUR' } }],
    ['nudge', { ...good, kind: 'inline', slot: 'trust', look: 'badges' }],
    ['nudge', { ...good, kind: 'bar' }],
    ['nudge', { ...good, kind: 'of a newer hub' }],
    ['nudge', { ...good, cta: { label: 'Go', href: 'https://shop.example/cart' } }],
    ...['/', './cart', '?page=2', '#reviews', 'http://localhost:4600/x'].map((href): [string, object] => [
      'nudge',
      { ...good, cta: { label: 'Go', href } },
    ]),
    ['nudge', { ...good, something: 'of a newer hub' }],
    ['withdraw', { id: 'good-nudge', reason: 'purchased', seq: 1 }],
    ['withdraw', { id: 'good-nudge', reason: 'a newer reason', seq: 1 }],
    ['decision', { input: 'clock', at: 5, reasons: [] }],
  ])('%s %j', (name, message) => expect(readHubMessage(name, message)).toEqual({ name, message }));
});

describe('what is not is left alone', () => {
  it.each<[name: string, message: unknown]>([
    ['nudge', null],
    ['nudge', undefined],
    ['nudge', 'text'],
    ['nudge', []],
    ['nudge', {}],
    ['nudge', { ...good, id: 5 }],
    ['nudge', { ...good, title: { en: 'Hello' } }],
    ['nudge', { ...good, expiresAt: '5' }],
    ['nudge', { ...good, expiresAt: Number.NaN }],
    ['nudge', { ...good, priority: undefined }],
    ['nudge', { ...good, kind: 'countdown' }],
    ['nudge', { ...good, kind: 'countdown', offer: { ...offer, expiresAt: null } }],
    ['nudge', { ...good, kind: 'progress' }],
    ['nudge', { ...good, kind: 'progress', progress: { value: '20', goal: 60 } }],
    ['nudge', { ...good, kind: 'inline' }],
    ['nudge', { ...good, items: 'mug' }],
    ['nudge', { ...good, items: [null] }],
    ['nudge', { ...good, items: [{ ...item, price: '5' }] }],
    ['nudge', { ...good, cta: 'Go' }],
    ['nudge', { ...good, cta: { label: 'Go' } }],
    ['welcome', { ...welcome, token: undefined }],
    ['welcome', { ...welcome, now: 'now' }],
    ['welcome', { ...welcome, rev: undefined }],
    ['welcome', { ...welcome, nudges: {} }],
    ['welcome', { ...welcome, nudges: [{ ...good, id: 5 }] }],
    ['welcome', { ...welcome, nudges: [null] }],
    ['withdraw', { reason: 'purchased' }],
    ['withdraw', { id: 'good-nudge' }],
    ['unheard-of', {}],
  ])('%s %j', (name, message) => expect(readHubMessage(name, message)).toBeNull());

  it.each(['constructor', 'toString', '__proto__', '__defineGetter__', 'hasOwnProperty'])(
    'a message called %s',
    (name) => expect(readHubMessage(name, { id: 'good-nudge' })).toBeNull(),
  );
});

describe('links that are no links', () => {
  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    '\tjavascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'cart',
    '',
  ])('%j is refused wherever it stands', (link) => {
    expect(readHubMessage('nudge', { ...good, cta: { label: 'Go', href: link } })).toBeNull();
    expect(readHubMessage('nudge', { ...good, items: [{ ...item, url: link }] })).toBeNull();
    expect(
      readHubMessage('welcome', { ...welcome, nudges: [{ ...good, cta: { label: 'Go', href: link } }] }),
    ).toBeNull();
  });
});
