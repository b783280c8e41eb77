import { css } from 'lit';

/** The tokens that a shop may set on `cart-bell`, with their defaults. */
export const theme = css`
  :host {
    --bell-surface: var(--cartbell-surface, #fffdf9);
    --bell-text: var(--cartbell-text, #24211d);
    --bell-muted: var(--cartbell-muted, #645d54);
    --bell-accent: var(--cartbell-accent, #1f4d3f);
    --bell-on-accent: var(--cartbell-on-accent, #ffffff);
    --bell-tint: var(--cartbell-tint, #eef3ee);
    --bell-line: var(--cartbell-line, #e4ded4);
    --bell-radius: var(--cartbell-radius, 18px);
    --bell-font: var(
      --cartbell-font,
      system-ui,
      -apple-system,
      'Segoe UI',
      'Noto Sans KR',
      'Noto Sans CJK KR',
      'Apple SD Gothic Neo',
      'Malgun Gothic',
      sans-serif
    );
  }
`;

/** What every part starts from: nothing of the page's own styles. */
export const base = css`
  * {
    box-sizing: border-box;
  }
  button,
  a {
    font: inherit;
    color: inherit;
    cursor: pointer;
    touch-action: manipulation;
  }
  :focus-visible {
    outline: 2px solid var(--bell-accent);
    outline-offset: 2px;
  }
  @media (forced-colors: active) {
    :focus-visible {
      outline-color: Highlight;
    }
  }
`;
