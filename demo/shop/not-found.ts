import { emptyView } from './empty-view.ts';
import { showPage } from './layout.ts';
import { words } from './words.ts';

export function showNotFound(): void {
  showPage(words.notFoundTitle, () => [emptyView(words.notFoundTitle, words.notFoundText, 'basket')]);
}
