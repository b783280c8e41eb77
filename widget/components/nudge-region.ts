import { css, html, LitElement } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import { findPlace, type Place } from './placing.ts';
import { base } from './theme.ts';

const SEEN_AFTER_MS = 1_000;
/** Where there was no room it looks again so often; */
const LOOK_AGAIN_MS = 500;
/** after so long it covers what a shopper can scroll to, and never what stays in view. */
const URGENT_AFTER_MS = 3_000;
const NARROW_PX = 480;

/**
 * One area over the page. It appears where nothing of the shop's own is covered, waits where there is no such place, and
 * tells when it was seen.
 *
 * @fires appeared - what it was given is on screen now
 * @fires seen - it was in view for a second, on a page that is looked at
 */
export class NudgeRegion extends LitElement {
  static override styles = [
    base,
    css`
      .region {
        --margin: 16px;
        position: fixed;
        inset: auto;
        width: min(392px, calc(100vw - 2 * var(--margin)));
        max-height: calc(100dvh - 32px);
        margin: 0;
        padding: 0;
        overflow: visible;
        visibility: hidden;
        border: 0;
        background: transparent;
        z-index: 2147483000;
      }
      @media (max-width: 480px) {
        .region {
          --margin: 12px;
        }
      }
      :host([edge]) .region {
        --margin: 0px;
        inset-inline: 0;
        width: auto;
        max-width: none;
      }
      .region[data-place] {
        visibility: visible;
      }
      .region[data-place^='bottom'] {
        inset-block-end: calc(max(var(--margin), env(safe-area-inset-bottom)) + var(--offset));
      }
      .region[data-place^='top'] {
        inset-block-start: calc(max(var(--margin), env(safe-area-inset-top)) + var(--offset));
      }
      .region[data-place$='-end'] {
        inset-inline-end: max(var(--margin), env(safe-area-inset-right));
      }
      .region[data-place$='-start'] {
        inset-inline-start: max(var(--margin), env(safe-area-inset-left));
      }
      :host([edge]) .region[data-place^='bottom'] {
        inset-block-end: var(--offset);
      }
      .region:focus {
        outline: none;
      }
    `,
  ];
  static override properties = { nudge: {}, places: {}, label: {}, locale: {}, standsOn: {} };

  declare nudge: Nudge;
  declare places: readonly Place[];
  declare label: string;
  declare locale: string;
  /** How high that is on which it stands where it is at the bottom. */
  declare standsOn: () => number;
  #shown: string | null = null;
  #waitsSince = 0;
  #frame = 0;
  #look: ReturnType<typeof setTimeout> | undefined;
  #seen: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.standsOn = () => 0;
  }

  /** Where it stands, once it does. */
  get place(): Place | undefined {
    return this.#region?.dataset['place'] as Place | undefined;
  }

  get heightPx(): number {
    return this.#region?.getBoundingClientRect().height ?? 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#watch);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#watch);
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#look);
    clearTimeout(this.#seen);
  }

  override focus(): void {
    this.#region?.focus();
  }

  override render() {
    return html`<div
      class="region"
      part="region"
      popover="manual"
      role="region"
      tabindex="-1"
      lang=${this.locale}
      aria-label=${this.label}
    >
      <slot></slot>
    </div>`;
  }

  /** The same nudge may say something new: it stays where it is. */
  override updated(): void {
    const region = this.#region;
    if (!region || this.#shown === this.nudge.id) return;
    this.#shown = this.nudge.id;
    this.#waitsSince = performance.now();
    clearTimeout(this.#seen);
    delete region.dataset['place'];
    // The top layer is above everything that a shop may have raised; without it the region is merely very high.
    if ('showPopover' in region && !region.matches(':popover-open')) region.showPopover();
    // In the next frame what is in it has its size.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.#findPlace);
  }

  get #region(): HTMLElement | null {
    return this.renderRoot.querySelector('.region');
  }

  /** What was beside it has changed. */
  placeAgain(): void {
    if (this.place !== undefined) this.#findPlace();
  }

  readonly #findPlace = (): void => {
    clearTimeout(this.#look);
    const region = this.#region;
    if (!region) return;
    const { width, height } = region.getBoundingClientRect();
    const found = findPlace({
      places: this.places,
      size: { width, height },
      marginPx: this.hasAttribute('edge') ? 0 : innerWidth > NARROW_PX ? 16 : 12,
      bottomPx: this.standsOn(),
      isRightToLeft: getComputedStyle(this).direction === 'rtl',
      own: (this.getRootNode() as ShadowRoot).host ?? this,
      isUrgent: performance.now() - this.#waitsSince >= URGENT_AFTER_MS,
    });
    if (!found) {
      if (this.place === undefined) this.#look = setTimeout(this.#findPlace, LOOK_AGAIN_MS);
      return;
    }
    const isNew = this.place === undefined;
    region.style.setProperty('--offset', `${found.offsetPx}px`);
    region.dataset['place'] = found.place;
    if (!isNew) return;
    this.dispatchEvent(new CustomEvent('appeared'));
    this.#watch();
  };

  readonly #watch = (): void => {
    clearTimeout(this.#seen);
    if (this.place === undefined || document.visibilityState !== 'visible') return;
    this.#seen = setTimeout(() => this.dispatchEvent(new CustomEvent('seen')), SEEN_AFTER_MS);
  };
}
