import { h } from './dom.ts';

export function summaryRow(label: string, amount: string, kind = 'plain'): HTMLElement {
  return h('div', { class: `summary-row summary-${kind}` }, h('dt', {}, label), h('dd', {}, amount));
}
