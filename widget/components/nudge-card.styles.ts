import { css } from 'lit';

export const cardStyles = css`
  :host {
    display: block;
  }
  article {
    position: relative;
    padding: 20px 20px 18px;
    border: 1px solid var(--bell-line);
    border-radius: var(--bell-radius);
    background: var(--bell-surface);
    color: var(--bell-text);
    font: 400 15px/1.5 var(--bell-font);
    box-shadow: 0 12px 32px -8px var(--bell-shadow);
    word-break: keep-all;
    overflow-wrap: anywhere;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(12px);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    article {
      animation: rise 0.3s ease-out;
    }
  }
  h2 {
    margin: 0;
    padding-inline-end: 68px;
    font-size: 17px;
    font-weight: 650;
    line-height: 1.35;
    text-wrap: balance;
  }
  p {
    margin: 4px 0 0;
    color: var(--bell-muted);
  }
  .cta {
    display: block;
    margin-block-start: 16px;
    padding: 12px 18px;
    border: 1px solid transparent;
    border-radius: calc(var(--bell-radius) - 6px);
    background: var(--bell-accent);
    color: var(--bell-on-accent);
    font-weight: 600;
    text-align: center;
    text-decoration: none;
  }
  .cta:hover {
    box-shadow: 0 2px 12px -2px var(--bell-accent);
  }
  .notice {
    margin-block-start: 10px;
    font-size: 12.5px;
  }
  cartbell-countdown,
  cartbell-progress,
  cartbell-strip {
    margin-block-start: 14px;
  }
`;
