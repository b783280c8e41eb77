import { css, html } from 'lit';

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

export function moreButton(label: string, isUnfolded: boolean, unfold: () => void) {
  return html`<button
    part="more"
    type="button"
    aria-label=${label}
    aria-expanded=${isUnfolded ? 'true' : 'false'}
    @click=${unfold}
  >
    ${icon('M2 7h0M7 7h0M12 7h0', 2.8)}
  </button>`;
}

export function dismissButton(label: string, dismiss: () => void) {
  return html`<button class="dismiss" part="dismiss" type="button" aria-label=${label} @click=${dismiss}>
    ${icon('M2 2l10 10M12 2L2 12', 1.8)}
  </button>`;
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
