import { h } from './dom.ts';

export const announcements = h('p', { class: 'hidden', role: 'status' });

/** Says a change to screen readers which the page shows only in passing. */
export function announce(text: string): void {
  announcements.textContent = text;
}
