import { z } from 'zod';

export const CURRENCY = /^[A-Z]{3}$/;
/** ISO 4217, upper case. */
export const Currency = z.string().regex(CURRENCY, 'Use an ISO 4217 code such as "EUR".');

export const MOST_AMOUNT = 1e12;
/** Decimal amount in a currency's major unit, as GA4 has it. Never negative. */
export const Amount = z.number().min(0).max(MOST_AMOUNT);

/** Sums of decimals drift in binary; amounts are kept to a thousandth, finer than any currency's minor unit. */
export function roundAmount(amount: number): number {
  return Math.round(amount * 1000) / 1000;
}
