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
      <svg viewBox="0 0 14 14" fill="currentColor" aria-hidden="true">
        <circle cx="2" cy="7" r="1.4" />
        <circle cx="7" cy="7" r="1.4" />
        <circle cx="12" cy="7" r="1.4" />
      </svg>
    </button>
    <button class="dismiss" part="dismiss" type="button" aria-label=${words.dismiss} @click=${dismiss}>
      <svg
        viewBox="0 0 14 14"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <path d="M2 2l10 10M12 2L2 12" />
      </svg>
    </button>
  </div>`;
}
