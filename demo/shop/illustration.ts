import { h } from './dom.ts';

const SIZE = 400;

/** A product's picture. Next to the product's name it says nothing new, so the alt text is empty. */
export function illustration(
  itemId: string,
  options: { alt?: string; eager?: boolean } = {},
): HTMLImageElement {
  return h('img', {
    src: `/img/${itemId}.svg`,
    alt: options.alt ?? '',
    width: SIZE,
    height: SIZE,
    loading: options.eager ? 'eager' : 'lazy',
    decoding: 'async',
  });
}
