import { css, html } from 'lit';
import type { Words } from '../locales/words.ts';

/** What every nudge has in its corner: what else may be said to it, and the way out. */
export const cornerStyles = css`
  .corner {
    position: absolute;
    inset-block-start: 10px;
    inset-inline-end: 10px;
    display: flex;
  }
  .corner button {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: transparent;
    color: var(--bell-muted);
  }
  .corner button:hover,
  .corner button[aria-expanded='true'] {
    background: var(--bell-tint);
    color: var(--bell-text);
  }
  .corner svg {
    width: 14px;
    height: 14px;
  }
`;

interface Corner {
  readonly words: Words;
  readonly isUnfolded: boolean;
  readonly unfold: () => void;
  readonly dismiss: () => void;
}

export function cornerButtons({ words, isUnfolded, unfold, dismiss }: Corner) {
  return html`<div class="corner">
    <button
      part="more"
      type="button"
      aria-label=${words.more}
      aria-expanded=${isUnfolded ? 'true' : 'false'}
      @click=${unfold}
    >
      ${icon('M2 7h0M7 7h0M12 7h0', 2.8)}
    </button>
    <button class="dismiss" part="dismiss" type="button" aria-label=${words.dismiss} @click=${dismiss}>
      ${icon('M2 2l10 10M12 2L2 12', 1.8)}
    </button>
  </div>`;
}

function icon(path: string, width: number) {
  return html`<svg
    viewBox="0 0 14 14"
    fill="none"
    stroke="currentColor"
    stroke-width=${width}
    stroke-linecap="round"
    aria-hidden="true"
  >
    <path d=${path} />
  </svg>`;
}
