import { html, LitElement, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { HubClock } from '../hub-clock.ts';
import type { Words } from '../locales/words.ts';
import { dismissButton, dismissStyles } from './dismiss-button.ts';
import { cardStyles } from './nudge-card.styles.ts';
import { base } from './theme.ts';

/** What a shopper did in a card. */
export type CardAct = 'clicked' | 'dismissed' | 'ended';

/** One nudge: words, what belongs to its kind, and a way out. */
export class NudgeCard extends LitElement {
  static override styles = [base, dismissStyles, cardStyles];
  static override properties = { nudge: {}, words: {}, clock: {}, locale: {} };

  declare nudge: Nudge;
  declare words: Words;
  declare clock: HubClock;
  declare locale: string;

  override render() {
    const { title, body, cta } = this.nudge;
    return html`
      <article part="card" aria-labelledby="title">
        <h2 id="title" part="title">${title}</h2>
        ${body ? html`<p part="body">${body}</p>` : nothing}${this.#detail()}
        ${cta ? html`<a class="cta" part="cta" href=${cta.href} @click=${() => this.#tell('clicked')}>${cta.label}</a>` : nothing}
        ${dismissButton(this.words.dismiss, () => this.#tell('dismissed'))}
      </article>
    `;
  }

  #detail() {
    const { offer, items, progress } = this.nudge;
    return html`${progress ? this.#progress(progress) : nothing}${items?.length ? this.#strip(items) : nothing}${offer ? this.#offer(offer) : nothing}`;
  }

  #strip(items: NonNullable<Nudge['items']>) {
    return html`<cartbell-strip
      .items=${items}
      .words=${this.words}
      .locale=${this.locale}
      @picked=${() => this.#tell('clicked')}
    ></cartbell-strip>`;
  }

  #progress(progress: NonNullable<Nudge['progress']>) {
    return html`<cartbell-progress
      .progress=${progress}
      .words=${this.words}
      .locale=${this.locale}
    ></cartbell-progress>`;
  }

  #offer(offer: NonNullable<Nudge['offer']>) {
    return html`<cartbell-countdown
        .offer=${offer}
        .words=${this.words}
        .clock=${this.clock}
        @ended=${() => this.#tell('ended')}
      ></cartbell-countdown>
      ${offer.personalised ? html`<p part="notice" class="notice">${this.words.personalised}</p>` : nothing}`;
  }

  #tell(act: CardAct): void {
    this.dispatchEvent(new CustomEvent<CardAct>('act', { detail: act }));
  }
}
