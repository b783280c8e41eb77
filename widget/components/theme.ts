import { css } from 'lit';

/**
 * The tokens that a shop may set on `cart-bell`, and the themes that they start from. Light or dark goes with the page; a
 * browser that can't has the usual theme, and light.
 */
export const theme = css`
  :host {
    --theme-surface: #fffdf9;
    --theme-text: #24211d;
    --theme-muted: #645d54;
    --theme-accent: #1f4d3f;
    --theme-on-accent: #fff;
    --theme-tint: #eef3ee;
    --theme-line: #e4ded4;
    --theme-shadow: #24211d3d;
    --theme-radius: 18px;
  }
  @supports (color: light-dark(#fff, #000)) {
    :host {
      --theme-surface: light-dark(#fffdf9, #24221f);
      --theme-text: light-dark(#24211d, #f4efe6);
      --theme-muted: light-dark(#645d54, #b9b0a3);
      --theme-accent: light-dark(#1f4d3f, #8fd0b4);
      --theme-on-accent: light-dark(#fff, #10241d);
      --theme-tint: color-mix(in srgb, var(--bell-accent) 7%, var(--bell-surface));
      --theme-line: light-dark(#e4ded4, #3f3b35);
      --theme-shadow: light-dark(#24211d3d, #0009);
    }
    :host([theme~='plain']) {
      --theme-surface: light-dark(#fff, #1b1d21);
      --theme-text: light-dark(#16181d, #f3f4f6);
      --theme-accent: var(--theme-text);
      --theme-on-accent: var(--theme-surface);
      --theme-line: light-dark(#dfe1e6, #373b43);
      --theme-radius: 8px;
    }
    :host([theme~='soft']) {
      --theme-accent: light-dark(#a52a5d, #f5a3c4);
      --theme-on-accent: light-dark(#fff, #3a1224);
      --theme-radius: 26px;
    }
  }
  :host([theme~='light']) {
    color-scheme: light !important;
  }
  :host([theme~='dark']) {
    color-scheme: dark !important;
  }
  /* Whoever gives an accent alone gets words on it, and words in it, that can be read. */
  @supports (color: contrast-color(red)) {
    :host {
      --bell-auto-on-accent: contrast-color(var(--cartbell-accent));
      --bell-auto-link: color-mix(in oklab, var(--bell-text) 65%, var(--cartbell-accent));
      --bell-own-link: color-mix(in oklab, var(--cartbell-accent), var(--cartbell-on-accent) 0%);
    }
  }
  :host {
    --bell-surface: var(--cartbell-surface, var(--theme-surface));
    --bell-text: var(--cartbell-text, var(--theme-text));
    --bell-muted: var(--cartbell-muted, var(--theme-muted));
    --bell-accent: var(--cartbell-accent, var(--theme-accent));
    --bell-on-accent: var(--cartbell-on-accent, var(--bell-auto-on-accent, var(--theme-on-accent)));
    --bell-link: var(--bell-own-link, var(--bell-auto-link, var(--bell-accent)));
    --bell-tint: var(--cartbell-tint, var(--theme-tint));
    --bell-line: var(--cartbell-line, var(--theme-line));
    --bell-shadow: var(--cartbell-shadow, var(--theme-shadow));
    --bell-radius: var(--cartbell-radius, var(--theme-radius));
    --bell-font: var(--cartbell-font, system-ui, sans-serif);
  }
`;

/** What every part starts from: nothing of the page's own styles. */
export const base = css`
  /* Words of one direction on a page of the other keep their order and their full stop. */
  * {
    box-sizing: border-box;
    unicode-bidi: plaintext;
  }
  button,
  a {
    font: inherit;
    color: inherit;
    cursor: pointer;
    touch-action: manipulation;
  }
  :focus-visible {
    outline: 2px solid var(--bell-link);
    outline-offset: 2px;
  }
`;
