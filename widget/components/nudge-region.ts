import { css, html, LitElement } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import { findPlace, isInTheWay, type Place, type Placed } from './placing.ts';
import { base } from './theme.ts';

const SEEN_AFTER_MS = 1_000;
/** Where there was no room it looks again so often; */
const LOOK_AGAIN_MS = 500;
/** after so long it covers what a shopper can scroll to, and never what stays in view. */
const URGENT_AFTER_MS = 3_000;
const NARROW_PX = 480;
/** After these something of the shop's may be where there was nothing before; */
const CHANGES = ['resize', 'scrollend', 'focusin', 'transitionend', 'animationend', 'load'];
/** a page that changes is left alone for so long before it is looked at. */
const CHANGED_AFTER_MS = 200;

/**
 * One area over the page. It appears where nothing of the shop's own is covered, waits where there is no such place, gives
 * way to what the shop shows later, and tells when it was seen.
 *
 * @fires appeared - what it was given is on screen now
 * @fires placed - so it is, or is somewhere else than it was
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
  static override properties = { nudge: {}, places: {}, label: {}, locale: {} };

  declare nudge: Nudge;
  declare places: readonly Place[];
  declare label: string;
  declare locale: string;
  #shown: string | null = null;
  #appeared: string | null = null;
  #waitsSince = 0;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seen: ReturnType<typeof setTimeout> | undefined;
  readonly #observer = new MutationObserver(() => this.#lookAfter(CHANGED_AFTER_MS));

  /** Where it stands, once it does. */
  get place(): Place | undefined {
    return this.#region?.dataset['place'] as Place | undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#watch);
    // A region that was taken out of the page is no longer above it.
    this.#shown = null;
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#watch);
    this.#leave();
  }

  override focus(): void {
    this.#region?.focus();
  }

  override render() {
    return html`<div
      class="region"
      popover="manual"
      role="region"
      tabindex="-1"
      lang=${this.locale}
      aria-label=${this.label}
      @pointerleave=${this.#onChange}
      @focusout=${this.#onChange}
    >
      <slot></slot>
    </div>`;
  }

  /** The same nudge may say something new: it stays where it is. */
  override updated(): void {
    const region = this.#region;
    if (!region || this.#shown === this.nudge.id) return;
    this.#shown = this.nudge.id;
    this.#leave();
    // The top layer is above everything that a shop may have raised; without it the region is merely very high.
    if ('showPopover' in region && !region.matches(':popover-open')) region.showPopover();
    // In the next frame what is in it has its size.
    this.#lookInNextFrame();
  }

  get #region(): HTMLElement | null {
    return this.renderRoot.querySelector('.region');
  }

  /** What was beside it has changed. */
  placeAgain(): void {
    if (this.place !== undefined) this.#lookInNextFrame();
  }

  readonly #look = (): void => {
    const region = this.#region;
    if (!region) return;
    const own = this.hasAttribute('edge') ? ((this.getRootNode() as ShadowRoot).host ?? this) : this;
    const { width, height } = region.getBoundingClientRect();
    if (this.place !== undefined) {
      // Nobody has it taken away from under their hands.
      if (region.matches(':hover, :focus-within') || !isInTheWay(region.getBoundingClientRect(), own)) return;
      // For a frame it is nowhere: what is seen to move counts as a shift of the shop's page.
      this.#leave();
      this.#lookInNextFrame();
      return;
    }
    const found = findPlace({
      places: this.places,
      size: { width, height },
      marginPx: this.hasAttribute('edge') ? 0 : innerWidth > NARROW_PX ? 16 : 12,
      isRightToLeft: getComputedStyle(this).direction === 'rtl',
      own,
      isUrgent: performance.now() - this.#waitsSince >= URGENT_AFTER_MS,
    });
    if (found) this.#stand(region, found);
    else this.#lookAfter(LOOK_AGAIN_MS);
  };

  #stand(region: HTMLElement, { place, offsetPx }: Placed): void {
    region.style.setProperty('--offset', `${offsetPx}px`);
    region.dataset['place'] = place;
    this.#observer.observe(document, { subtree: true, childList: true, attributes: true });
    for (const change of CHANGES) window.addEventListener(change, this.#onChange, true);
    if (this.#appeared !== this.nudge.id) this.dispatchEvent(new CustomEvent('appeared'));
    this.#appeared = this.nudge.id;
    this.dispatchEvent(new CustomEvent('placed'));
    this.#watch();
  }

  /** It is not to be seen, and waits for a place from now on. */
  #leave(): void {
    this.#waitsSince = performance.now();
    delete this.#region?.dataset['place'];
    this.#observer.disconnect();
    for (const change of CHANGES) window.removeEventListener(change, this.#onChange, true);
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    clearTimeout(this.#seen);
  }

  readonly #onChange = (): void => this.#lookAfter(CHANGED_AFTER_MS);

  /** Once for however many changes; and not while the page is out of sight, where there are no frames. */
  #lookAfter(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#lookInNextFrame();
    }, ms);
  }

  #lookInNextFrame(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.#look);
  }

  readonly #watch = (): void => {
    clearTimeout(this.#seen);
    if (this.place === undefined || document.visibilityState !== 'visible') return;
    this.#seen = setTimeout(() => this.dispatchEvent(new CustomEvent('seen')), SEEN_AFTER_MS);
  };
}
