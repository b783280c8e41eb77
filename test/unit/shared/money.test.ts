import { describe, expect, it } from 'vitest';
import { Amount, Currency, roundAmount } from '../../../shared/money.ts';

describe('amounts are kept to a thousandth', () => {
  it.each([
    [0.1 + 0.2, 0.3],
    [18.5 * 3, 55.5],
    [1.0005, 1.001],
    [1.0004, 1],
    [0, 0],
    [1e12, 1e12],
    [19.99 * 100, 1999],
  ])('%d becomes %d', (amount, rounded) => expect(roundAmount(amount)).toBe(rounded));
});

it.each([-0.01, 1e13, Number.NaN, Number.POSITIVE_INFINITY, '5', null])('%s is no amount', (amount) => {
  expect(Amount.safeParse(amount).success).toBe(false);
});

it.each(['eur', 'EURO', 'E1R', '', '€'])('%j is no currency', (code) => {
  expect(Currency.safeParse(code).success).toBe(false);
});
