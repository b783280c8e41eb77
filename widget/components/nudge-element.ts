import { html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { Words } from '../locales/words.ts';
import { cornerButton } from './corner-buttons.ts';

/** What a shopper did in a nudge: to it, said of it, or where they want to go from it. */
export type CardAct =
  | 'clicked'
  | 'dismissed'
  | 'ended'
  | 'added'
  | 'useful'
  | 'not_useful'
  | 'less'
  | 'inbox'
  | 'preferences';

/**
 * A nudge, whatever it looks like: in its corner is what else may be said to it, and the way out of what lies above the page.
 *
 * @fires act - the shopper did something in it
 */
export class NudgeElement extends LitElement {
  static override properties: PropertyDeclarations = {
    nudge: {},
    words: {},
    isUnfolded: { state: true },
  };

  declare nudge: Nudge;
  declare words: Words;
  declare isUnfolded: boolean;

  constructor() {
    super();
    this.isUnfolded = false;
  }

  protected corner(isAbove = true) {
    const { words, isUnfolded } = this;
    return html`<div class="corner">
        ${cornerButton('more', words.more, () => void this.#unfold(), isUnfolded)}${isAbove ? cornerButton('dismiss', words.dismiss, () => this.tell('dismissed')) : nothing}
      </div>
      ${
        isUnfolded
          ? html`<cartbell-more
              .nudge=${this.nudge}
              .words=${words}
              @act=${(event: CustomEvent<CardAct>) => this.tell(event.detail)}
            ></cartbell-more>`
          : nothing
      }`;
  }

  protected tell(act: CardAct): void {
    this.dispatchEvent(new CustomEvent<CardAct>('act', { detail: act }));
  }

  async #unfold(): Promise<void> {
    const { defineMoreMenu } = await import('./more-menu.ts');
    defineMoreMenu();
    this.isUnfolded = !this.isUnfolded;
  }
}
