import { describe, expect, it } from 'vitest';
import { Handshake } from '../../../shared/page-messages.ts';
import { HOUR, MINUTE } from '../support/durations.ts';
import { liveSite, ruleOn } from '../support/sample-site.ts';
import { firedIn, heldBy, Story } from '../support/story.ts';

const arrival = {
  locale: 'ko-KR',
  timeZone: 'Asia/Seoul',
  device: 'mobile',
  path: '/spring',
  referrer: 'search.example',
  utm: { source: 'mail', medium: 'email', campaign: 'spring' },
} as const;

describe('what a rule may ask of the session', () => {
  it.each<[field: string, value: string]>([
    ['session.device', 'mobile'],
    ['session.page', '/spring'],
    ['session.landing', '/spring'],
    ['session.referrer', 'search.example'],
    ['session.utm.source', 'mail'],
    ['session.utm.medium', 'email'],
    ['session.utm.campaign', 'spring'],
    ['shopper.locale', 'ko-KR'],
  ])('%s', (field, value) => {
    const story = new Story(liveSite([ruleOn('page_view', { when: { [field]: value } })]));
    expect(heldBy(story.page('page_view'), 'on-page-view')).toMatchObject({ by: 'condition', path: field });
    story.wait(HOUR).opens(arrival);
    expect(firedIn(story.page('page_view'))).toEqual(['on-page-view']);
  });

  it('session.bot, which is false of everybody else', () => {
    const rules = [true, false].map((bot) =>
      ruleOn('page_view', { id: bot ? 'bots' : 'people', when: { 'session.bot': bot } }),
    );
    const story = new Story(liveSite(rules));
    expect(firedIn(story.page('page_view'))).toEqual(['people']);
    story.wait(HOUR).opens({ ...arrival, bot: true });
    expect(firedIn(story.page('page_view'))).toEqual(['bots']);
    expect(firedIn(story.wait(HOUR).page('page_view'))).toEqual(['bots']);
  });

  it('session.engagement, the seconds over all pages of the visit', () => {
    const rule = ruleOn('page_view', { when: { 'session.engagement': { $gte: 60 } } });
    const story = new Story(liveSite([rule]));
    story.opens(arrival);
    story.page('page_view');
    story.page('user_engagement', { engagement_time_msec: 40_000 });
    expect(heldBy(story.page('page_view'), 'on-page-view')).toMatchObject({ actual: 40 });
    story.page('user_engagement', { engagement_time_msec: 20_000 });
    expect(firedIn(story.page('page_view'))).toEqual(['on-page-view']);
    story.wait(HOUR).opens(arrival);
    expect(heldBy(story.page('page_view'), 'on-page-view')).toMatchObject({ actual: 0 });
  });

  it('further pages of a visit move the shopper, and keep where they landed and came from', () => {
    const story = new Story(liveSite([]));
    story.opens(arrival);
    story.page('page_view');
    story.wait(MINUTE).opens({ path: '/cart', referrer: 'other.example' });
    expect(story.shopper.session).toMatchObject({
      page: '/cart',
      landing: '/spring',
      referrer: 'search.example',
    });
    story.page('page_view', { page_location: 'https://shop.example/checkout?mail=jo@example.com' });
    expect(story.shopper.session).toMatchObject({ page: '/checkout', landing: '/spring' });
  });

  it('another visit lands anew', () => {
    const story = new Story(liveSite([]));
    story.opens(arrival);
    story.page('page_view');
    story.wait(HOUR).opens({ path: '/cart' });
    story.page('page_view');
    expect(story.shopper.session).toEqual({ at: story.now, page: '/cart', landing: '/cart' });
  });

  it('a page left open for longer than a visit lasts begins the next one where it is', () => {
    const story = new Story(liveSite([]));
    story.opens(arrival);
    story.page('page_view');
    story.wait(HOUR).page('search');
    expect(story.shopper.session).toEqual({
      at: story.now,
      device: 'mobile',
      page: '/spring',
      landing: '/spring',
    });
  });

  it('begins with the page even where the first word from it is no sign of life', () => {
    const story = new Story(liveSite([]));
    story.opens(arrival);
    story.page('consent_update', { marketing: 'granted' });
    story.wait(MINUTE).page('page_view');
    expect(story.shopper.session).toMatchObject({ landing: '/spring', utm: { source: 'mail' } });
  });

  it('a page told again changes nothing', () => {
    const story = new Story(liveSite([]));
    story.opens(arrival);
    story.page('page_view');
    const before = story.shopper;
    expect(story.opens({ path: '/spring' }).shopper).toBe(before);
  });
});

it('the clock on the wall is the shopper’s own where their device tells its zone', () => {
  const rule = ruleOn('page_view', { when: { 'time.hour': 21 } });
  const story = new Story(liveSite([rule]));
  story.now = Date.parse('2026-11-24T12:30:00Z');
  expect(heldBy(story.page('page_view'), 'on-page-view')).toMatchObject({ path: 'time.hour', actual: 12 });
  story.opens({ timeZone: 'Asia/Seoul' });
  expect(firedIn(story.page('page_view'))).toEqual(['on-page-view']);
});

it('a zone that the hub does not know counts as none, and refuses no page', () => {
  const given = { site: 'pk_demo', page: { timeZone: 'Mars/Olympus', device: 'mobile' } };
  expect(Handshake.parse(given).page).toEqual({ timeZone: undefined, device: 'mobile' });
});
