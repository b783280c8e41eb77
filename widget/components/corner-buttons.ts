import { css, html, nothing } from 'lit';

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

/** Drawn on a square of 14; a path of lines without a length is a row of dots. */
const ICONS = {
  more: ['M2 7h0M7 7h0M12 7h0', 2.8],
  dismiss: ['M2 2l10 10M12 2L2 12', 1.8],
} as const;

export function cornerButton(
  which: keyof typeof ICONS,
  label: string,
  press: () => void,
  isExpanded?: boolean,
) {
  const [path, width] = ICONS[which];
  return html`<button
    class=${which}
    part=${which}
    type="button"
    aria-label=${label}
    aria-expanded=${isExpanded ?? nothing}
    @click=${press}
  >
    <svg
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      stroke-width=${width}
      stroke-linecap="round"
      aria-hidden="true"
    >
      <path d=${path} />
    </svg>
  </button>`;
}
