import { html, LitElement } from 'lit';
import {
  type Colours,
  judge,
  type Judged,
  PAIRS,
  ratioInWords,
} from '../../../widget/components/contrast/pairs.ts';
import { hex } from '../../../widget/components/contrast/ratio.ts';
import { coloursOf } from '../../../widget/components/contrast/theme-colours.ts';
import { ownThemeWords } from './own-theme-words.ts';
import type { Lang } from './samples.ts';

const COLOURS = ['surface', 'text', 'muted', 'accent', 'on-accent'] as const;
const PROPERTIES = [...COLOURS, 'radius'] as const;
type Property = (typeof PROPERTIES)[number];
const SCHEMES = ['light', 'dark'] as const;
const USUAL_RADIUS = '18px';
const VALUE = /^(#[\da-f]{6}|\d{1,2}px)$/;

/**
 * What an owner might set: every nudge of the page wears it, and each pair of colours is judged. It is kept in the address.
 *
 * @fires changed - the address says something else now
 */
export class OwnTheme extends LitElement {
  static override properties = { lang: {}, look: {}, said: { state: true } };

  declare lang: Lang;
  declare look: string;
  declare said: string;
  readonly #own = new Map<Property, string>();
  readonly #isOpen: boolean;

  constructor() {
    super();
    this.said = '';
    const asked = new URLSearchParams(location.search);
    for (const property of PROPERTIES) {
      const value = asked.get(property) ?? '';
      if (VALUE.test(value)) this.#own.set(property, value);
    }
    this.#isOpen = this.#own.size > 0;
    this.#wear();
  }

  /** The page's own styles are for it. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render() {
    const words = ownThemeWords[this.lang];
    const root = document.documentElement;
    root.setAttribute('theme', this.look);
    const [light, dark] = [coloursOf(root, 'light'), coloursOf(root, 'dark')];
    const seen = root.dataset['scheme'] === 'dark' ? dark : light;
    return html`<details class="own" ?open=${this.#isOpen}>
      <summary>${words.title}</summary>
      <p>${words.hint}</p>
      <div class="own-parts">
        <div class="own-fields">
          ${COLOURS.map((colour) => this.#colour(colour, seen))} ${this.#radius()}
          <div class="own-copy">
            <button type="button" @click=${this.#copy}>${words.copy}</button>
            <span role="status">${this.said}</span>
          </div>
        </div>
        ${this.#table(judge(light), judge(dark))}
      </div>
    </details>`;
  }

  #colour(colour: (typeof COLOURS)[number], seen: Colours) {
    const name = ownThemeWords[this.lang].colour[colour];
    return html`<div class="own-field">
      <label>
        <input
          type="color"
          .value=${hex(seen[colour])}
          @input=${(event: Event) => this.#set(colour, (event.target as HTMLInputElement).value)}
        />
        ${name}
      </label>
      ${this.#reset(colour, name)}
    </div>`;
  }

  #radius() {
    const name = ownThemeWords[this.lang].radius;
    const value = Number.parseInt(this.#own.get('radius') ?? USUAL_RADIUS, 10);
    return html`<div class="own-field">
      <label>
        <input
          type="range"
          min="0"
          max="32"
          .value=${String(value)}
          @input=${(event: Event) => this.#set('radius', `${(event.target as HTMLInputElement).value}px`)}
        />
        ${name}
      </label>
      ${this.#reset('radius', name)}
    </div>`;
  }

  #reset(property: Property, name: string) {
    return html`<button
      type="button"
      class="own-reset"
      aria-label=${ownThemeWords[this.lang].reset(name)}
      ?hidden=${!this.#own.has(property)}
      @click=${() => this.#set(property, null)}
    >
      ↺
    </button>`;
  }

  #table(light: readonly Judged[], dark: readonly Judged[]) {
    const words = ownThemeWords[this.lang];
    return html`<table>
      <caption>
        ${words.table}
      </caption>
      <thead>
        <tr>
          <th scope="col">${words.pairs}</th>
          ${SCHEMES.map((scheme) => html`<th scope="col">${words.scheme[scheme]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${light.map((judged, index) => {
          const { of, on } = judged.pair;
          const what = index < PAIRS.length ? words.colour[of] : words.ring;
          const both = of === 'on-accent' ? what : words.pair(what, words.colour[on]);
          return html`<tr>
            <th scope="row">${both}</th>
            ${[judged, dark[index]].map((one) => (one ? this.#verdict(one) : ''))}
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  #verdict({ pair, ratio, isEnough, better }: Judged) {
    const words = ownThemeWords[this.lang];
    const verdict = isEnough ? words.enough : words.short(pair.needed, better && hex(better));
    return html`<td data-enough=${isEnough ? 'yes' : 'no'}><b>${ratioInWords(ratio)}</b> ${verdict}</td>`;
  }

  #set(property: Property, value: string | null): void {
    if (value === null) this.#own.delete(property);
    else this.#own.set(property, value);
    this.said = '';
    this.#wear();
    const address = new URL(location.href);
    for (const one of PROPERTIES) {
      const own = this.#own.get(one);
      if (own === undefined) address.searchParams.delete(one);
      else address.searchParams.set(one, own);
    }
    history.replaceState(null, '', address);
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('changed'));
  }

  #wear(): void {
    const { style } = document.documentElement;
    for (const property of PROPERTIES)
      style.setProperty(`--cartbell-${property}`, this.#own.get(property) ?? '');
  }

  async #copy(): Promise<void> {
    const lines = [...this.#own].map(([property, value]) => `  --cartbell-${property}: ${value};\n`);
    await navigator.clipboard.writeText(`:root {\n${lines.join('')}}\n`);
    this.said = ownThemeWords[this.lang].copied;
  }
}
