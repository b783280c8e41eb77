import { html, nothing } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { HubClock } from '../hub-clock.ts';
import { cornerStyles } from './corner-buttons.ts';
import { cardStyles } from './nudge-card.styles.ts';
import { NudgeElement } from './nudge-element.ts';
import { base } from './theme.ts';

/** One nudge: words, what belongs to its kind, and a way out. */
export class NudgeCard extends NudgeElement {
  static override styles = [base, cornerStyles, cardStyles];
  static override properties = { clock: {}, locale: {} };

  declare clock: HubClock;
  declare locale: string;

  override render() {
    const { title, body, cta } = this.nudge;
    return html`<article part="card" aria-labelledby="title">
      <h2 id="title" part="title">${title}</h2>
      ${body ? html`<p part="body">${body}</p>` : nothing}${this.#detail()}
      ${cta ? html`<a class="cta" part="cta" href=${cta.href} @click=${() => this.tell('clicked')}>${cta.label}</a>` : nothing}
      ${this.corner()}
    </article>`;
  }

  #detail() {
    const { offer, items, progress } = this.nudge;
    return html`${progress ? this.#progress(progress) : nothing}${items?.length ? this.#strip(items) : nothing}${offer ? this.#offer(offer) : nothing}`;
  }

  #strip(items: NonNullable<Nudge['items']>) {
    return html`<cartbell-strip
      exportparts="strip, add"
      .items=${items}
      .words=${this.words}
      .locale=${this.locale}
      @picked=${() => this.tell('clicked')}
      @added=${() => this.tell('added')}
    ></cartbell-strip>`;
  }

  #progress(progress: NonNullable<Nudge['progress']>) {
    return html`<cartbell-progress
      exportparts="progress, progress-done, missing"
      .progress=${progress}
      .words=${this.words}
      .locale=${this.locale}
    ></cartbell-progress>`;
  }

  #offer(offer: NonNullable<Nudge['offer']>) {
    return html`<cartbell-countdown
        exportparts="countdown, time, code, copy"
        .offer=${offer}
        .words=${this.words}
        .clock=${this.clock}
        @ended=${() => this.tell('ended')}
      ></cartbell-countdown>
      ${offer.personalised ? html`<p part="notice" class="notice">${this.words.personalised}</p>` : nothing}`;
  }
}
