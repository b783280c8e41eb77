import { describe, expect, it } from 'vitest';
import { ShopperEvent } from '../../../shared/event.ts';
import { captureOwn } from '../../../widget/sensors/own-events.ts';

describe('an event of the shop’s own, as a page calls it', () => {
  it('goes up with its plain values, and the hub can read it', () => {
    const seen = captureOwn('quiz_finished', { score: 8, passed: true, level: 'B1', items: [1], mail: null });
    expect(seen).toEqual({ name: 'quiz_finished', params: { score: 8, passed: true, level: 'B1' } });
    const event = ShopperEvent.parse({ ...seen, id: 'event-000001', at: 0 });
    expect(event).toMatchObject({ name: 'custom_event', event: 'quiz_finished', params: { score: 8 } });
  });

  it.each<[name: string, given: unknown, params: object | null]>([
    ['quiz', undefined, {}],
    ['quiz', 'text', {}],
    ['quiz', { long: 'x'.repeat(201), nan: Number.NaN, 'odd-key': 1 }, {}],
    ['quiz finished', {}, null],
    ['', {}, null],
    ['x'.repeat(41), {}, null],
  ])('%s with %j', (name, given, params) => {
    expect(captureOwn(name, given)).toEqual(params && { name, params });
  });

  it('has at most 25 of them', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, index]));
    expect(Object.keys(captureOwn('quiz', many)?.params ?? {})).toHaveLength(25);
  });
});
