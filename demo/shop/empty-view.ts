import { h } from './dom.ts';
import { illustration } from './illustration.ts';
import { shopLink } from './links.ts';
import { words } from './words.ts';

export function emptyView(title: string, text: string, picture: string): HTMLElement {
  return h(
    'section',
    { class: 'empty' },
    illustration(picture, { eager: true }),
    h('h1', { tabindex: '-1', 'data-focus': 'title' }, title),
    h('p', {}, text),
    h('a', { class: 'button', href: shopLink('/') }, words.browse),
  );
}
