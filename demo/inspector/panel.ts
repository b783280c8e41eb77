const STYLES = `
  :host { all: initial; }
  aside {
    position: fixed; inset-block: 12px; inset-inline-start: 12px; width: min(400px, calc(100vw - 24px));
    display: flex; flex-direction: column; z-index: 2147482000; border-radius: 14px; overflow: hidden;
    background: #16181d; color: #e8e6e1; font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
    box-shadow: 0 20px 60px -10px rgb(0 0 0 / 45%);
  }
  aside[data-folded] { inset-block-end: auto; width: auto; }
  header { display: flex; align-items: center; gap: 10px; padding: 10px 14px; background: #1f2229; }
  h2 { margin: 0; flex: 1; font: 600 13px/1.4 system-ui, sans-serif; }
  p { margin: 0; padding: 8px 14px; color: #b5b0a6; border-block-end: 1px solid #2b2f38; font: 12px/1.45 system-ui, sans-serif; }
  button { padding: 3px 10px; border: 1px solid #4a4f5b; border-radius: 99px; background: none; color: inherit; font: inherit; cursor: pointer; }
  ol { flex: 1; margin: 0; padding: 4px 0; overflow: auto; list-style: none; }
  li { padding: 6px 14px; border-block-end: 1px solid #23262d; }
  aside[data-folded] :is(ol, p) { display: none; }
  .up { color: #8ec5ff; } .down { color: #9fe0a8; } .decision { color: #f2cf7e; }
  .detail { color: #b5b0a6; overflow-wrap: anywhere; white-space: pre-wrap; }
`;
const MOST_ROWS = 200;

export type RowKind = 'up' | 'down' | 'decision';

/** A list of what happened, newest first, in a panel of its own over the page. */
export class Panel {
  readonly #rows = document.createElement('ol');

  constructor() {
    const host = document.createElement('div');
    const root = host.attachShadow({ mode: 'open' });
    const styles = new CSSStyleSheet();
    styles.replaceSync(STYLES);
    root.adoptedStyleSheets = [styles];
    const aside = document.createElement('aside');
    aside.setAttribute('aria-label', 'Cartbell inspector');
    aside.append(this.#header(aside), note(), this.#rows);
    this.#rows.tabIndex = 0;
    root.append(aside);
    document.body.append(host);
  }

  add(kind: RowKind, title: string, lines: readonly string[]): void {
    const row = document.createElement('li');
    const head = document.createElement('div');
    head.className = kind;
    head.textContent = `${{ up: '↑', down: '↓', decision: '◆' }[kind]} ${title}`;
    row.append(head);
    for (const line of lines) {
      const detail = document.createElement('div');
      detail.className = 'detail';
      detail.textContent = line;
      row.append(detail);
    }
    this.#rows.prepend(row);
    while (this.#rows.children.length > MOST_ROWS) this.#rows.lastElementChild?.remove();
  }

  #header(aside: HTMLElement): HTMLElement {
    const header = document.createElement('header');
    const title = document.createElement('h2');
    title.textContent = 'Cartbell inspector';
    const fold = document.createElement('button');
    fold.textContent = 'Fold';
    fold.addEventListener('click', () => {
      fold.textContent = aside.toggleAttribute('data-folded') ? 'Open' : 'Fold';
    });
    header.append(title, fold);
    return header;
  }
}

function note(): HTMLElement {
  const text = document.createElement('p');
  text.textContent =
    'Demo rules are quick: a cart counts as idle after 10 seconds and as abandoned after 1 minute. A real shop waits longer.';
  return text;
}
