import { expect, it } from 'vitest';
import { didYouMean } from '../../../shared/did-you-mean.ts';

const KNOWN = ['cart.value', 'cart.quantity', 'shopper.orders'];

it.each([
  ['cart.value', ' Did you mean "cart.value"?'],
  ['cart.valeu', ' Did you mean "cart.value"?'],
  ['cart.vale', ' Did you mean "cart.value"?'],
  ['carrt.valuee', ' Did you mean "cart.value"?'],
  ['cart.valxyz', ''],
  ['cart.qauntiyt', ' Did you mean "cart.quantity"?'],
  ['shoper.ordrs', ' Did you mean "shopper.orders"?'],
  ['shoper.ordrsxx', ''],
  ['shopper.ordersxyz', ' Did you mean "shopper.orders"?'],
  ['cart.valueab', ' Did you mean "cart.value"?'],
  ['carta.vlaue', ' Did you mean "cart.value"?'],
  ['acrt.vaule', ' Did you mean "cart.value"?'],
  ['', ''],
  ['x'.repeat(100_000), ''],
])('%.20s is answered with%s', (word, answer) => expect(didYouMean(word, KNOWN)).toBe(answer));

it('the nearest is meant, and of those as near the first', () => {
  expect(didYouMean('abcd', ['abxy', 'abcx', 'abcd', 'abce'])).toBe(' Did you mean "abcd"?');
  expect(didYouMean('abcd', ['abxy', 'abcx', 'abce'])).toBe(' Did you mean "abcx"?');
});

it('nothing is meant where nothing is known', () => expect(didYouMean('cart', [])).toBe(''));
