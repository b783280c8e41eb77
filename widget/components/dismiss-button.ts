import { css, html } from 'lit';

/** The way out of every nudge, in the corner that is the same on all of them. */
export const dismissStyles = css`
  .dismiss {
    position: absolute;
    inset-block-start: 10px;
    inset-inline-end: 10px;
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
  .dismiss:hover {
    background: var(--bell-tint);
    color: var(--bell-text);
  }
  .dismiss svg {
    width: 14px;
    height: 14px;
  }
`;

export function dismissButton(label: string, dismiss: () => void) {
  return html`<button class="dismiss" part="dismiss" type="button" aria-label=${label} @click=${dismiss}>
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
  </button>`;
}
