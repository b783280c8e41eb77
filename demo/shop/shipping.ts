export type ShippingMethod = 'standard' | 'express';

export const FREE_SHIPPING_FROM = 60;

const STANDARD_PRICE = 4.9;
const EXPRESS_PRICE = 9.9;

export function shippingPrice(method: ShippingMethod, subtotal: number): number {
  if (method === 'express') return EXPRESS_PRICE;
  return subtotal >= FREE_SHIPPING_FROM ? 0 : STANDARD_PRICE;
}
