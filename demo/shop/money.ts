import { language } from './language.ts';

const format = new Intl.NumberFormat(language === 'ko' ? 'ko-KR' : 'en-IE', {
  style: 'currency',
  currency: 'EUR',
});

export const CURRENCY = 'EUR';

export function formatPrice(amount: number): string {
  return format.format(amount);
}

/** Sums of binary fractions drift; amounts of money are kept to whole cents. */
export function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
