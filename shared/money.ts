import { z } from 'zod';

/** ISO 4217, upper case. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, 'Use an ISO 4217 code such as "EUR".');

/** Decimal amount in a currency's major unit, as GA4 has it. Never negative. */
export const Amount = z.number().min(0).max(1e12);

/** Sums of decimals drift in binary; amounts are kept to a thousandth, finer than any currency's minor unit. */
export function roundAmount(amount: number): number {
  return Math.round(amount * 1000) / 1000;
}
