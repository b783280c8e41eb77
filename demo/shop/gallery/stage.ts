import { css, html, LitElement, type TemplateResult } from 'lit';
import { base, theme } from '../../../widget/components/theme.ts';

/** A place in the page that has what a nudge finds inside `cart-bell`: its tokens, and nothing of the page's own styles. */
export class GalleryStage extends LitElement {
  static override styles = [
    theme,
    base,
    css`
      :host {
        all: initial;
        color-scheme: inherit;
        display: block;
        direction: inherit;
      }
      .frame {
        overflow: hidden;
        border: 1px solid var(--bell-line);
        border-radius: var(--bell-radius);
        background: var(--bell-surface);
        color: var(--bell-text);
        font: 400 15px/1.5 var(--bell-font);
        word-break: keep-all;
      }
    `,
  ];
  static override properties = { content: {}, framed: {} };

  declare content: TemplateResult;
  declare framed: boolean;

  override render() {
    return this.framed ? html`<div class="frame">${this.content}</div>` : this.content;
  }
}
