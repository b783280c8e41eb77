import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { messagesOf } from '../../../server/webhooks/messages.ts';
import { WEBHOOK_TYPES } from '../../../shared/webhook.ts';
import { CASES, record, shopper } from './told-records.ts';

const told = (of: LogRecord) =>
  messagesOf(of).map(({ body }) => {
    const { type, data } = JSON.parse(body) as { type: string; data: object };
    return [type, data];
  });

describe('of what the log has, a webhook tells', () => {
  it.each(CASES)('%#', (given, expected) => {
    expect(told(given)).toEqual(expected);
  });

  it('all that there is to tell', () => {
    const types = CASES.flatMap(([given]) => messagesOf(given)).map(({ type }) => type);
    expect([...new Set(types)].toSorted()).toEqual(WEBHOOK_TYPES.toSorted());
  });

  it('no code, and nothing that was typed', () => {
    const bodies = CASES.flatMap(([given]) => messagesOf(given)).map(({ body }) => body);
    expect(bodies.join('\n')).not.toMatch(/SAVE|secret|wish|Jo"/);
  });
});

describe('a message', () => {
  it('is written as the specification has it', () => {
    const [message] = messagesOf(record({ steps: ['cart_abandoned'] }));
    expect(message?.body).toBe(
      `{"type":"cart.abandoned","timestamp":"2026-11-27T08:30:00.000Z","data":{"shopper":"${shopper}"}}`,
    );
  });

  it('has the same id however often the log is read, and another than any other', () => {
    const read = () => CASES.flatMap(([given]) => messagesOf(given)).map(({ id }) => id);
    expect(read()).toEqual(read());
    expect(read()[0]).toMatch(/^msg_[\w-]{32}$/);
    const [first, second] = [1, 2].map((draw) =>
      messagesOf(record({ steps: ['cart_abandoned'], seed: [draw, 2, 3, 4] })),
    );
    expect(first?.[0]?.id).not.toBe(second?.[0]?.id);
    const two = messagesOf(record({ entered: ['vip', 'new'] })).map(({ id }) => id);
    expect(new Set(two).size).toBe(2);
  });
});
