import { css, html, LitElement } from 'lit';
import type { Nudge } from '../../shared/nudge.ts';
import type { HubClock } from '../hub-clock.ts';
import type { Words } from '../locales/words.ts';
import { base } from './theme.ts';

const SECOND_MS = 1_000;
const COPIED_FOR_MS = 2_000;

/** An honest deadline: the hub's, counted by a clock that the shopper's computer can't set. At zero it says so and ends. */
export class OfferCountdown extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .panel {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 6px 12px;
        padding: 12px 14px;
        border-radius: calc(var(--bell-radius) - 6px);
        background: var(--bell-tint);
      }
      .label {
        display: block;
        color: var(--bell-muted);
        font-size: 12.5px;
        line-height: 1.4;
      }
      .left {
        font-size: 26px;
        font-weight: 650;
        font-variant-numeric: tabular-nums;
        line-height: 1.15;
        letter-spacing: -0.01em;
        white-space: nowrap;
      }
      .code {
        flex: 1;
        text-align: end;
        white-space: nowrap;
      }
      code {
        display: block;
        margin-block-end: 4px;
        font:
          600 12.5px/1.4 ui-monospace,
          monospace;
        letter-spacing: 0.02em;
        user-select: all;
      }
      button {
        min-height: 32px;
        padding: 4px 12px;
        border: 1px solid var(--bell-accent);
        border-radius: 999px;
        background: transparent;
        color: var(--bell-link);
        font-size: 13px;
        font-weight: 600;
      }
      button:hover {
        background: var(--bell-accent);
        color: var(--bell-on-accent);
      }
    `,
  ];
  static override properties = {
    offer: {},
    words: {},
    clock: {},
    leftMs: { state: true },
    copied: { state: true },
  };

  declare offer: NonNullable<Nudge['offer']>;
  declare words: Words;
  declare clock: HubClock;
  declare leftMs: number;
  declare copied: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.leftMs = Number.POSITIVE_INFINITY;
    this.copied = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('offer')) this.#tick();
  }

  override render() {
    return html`
      <div class="panel" part="countdown">
        <div>
          <span class="label" id="label">${this.words.endsIn}</span>
          <span class="left" part="time" role="timer" aria-labelledby="label left" id="left"
            >${clockFace(this.leftMs)}</span
          >
        </div>
        <div class="code">
          <code part="code" aria-label=${`${this.words.code} ${this.offer.code}`}>${this.offer.code}</code>
          <button type="button" part="copy" @click=${this.#copy}>
            ${this.copied ? this.words.copied : this.words.copyCode}
          </button>
        </div>
      </div>
    `;
  }

  /** Ticks on the deadline's own seconds, so that two tabs show the same one. */
  #tick(): void {
    clearTimeout(this.#timer);
    this.leftMs = Math.max(0, this.offer.expiresAt - this.clock.now());
    if (this.leftMs === 0) this.dispatchEvent(new CustomEvent('ended'));
    else this.#timer = setTimeout(() => this.#tick(), (this.leftMs % SECOND_MS) + 5);
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.offer.code);
    } catch {
      // Not allowed here: the code is selected instead, for the shopper's own copy key.
      const code = this.renderRoot.querySelector('code');
      if (code) getSelection()?.selectAllChildren(code);
      return;
    }
    this.copied = true;
    setTimeout(() => (this.copied = false), COPIED_FOR_MS);
  }
}

/** `4:05`, or `1:04:05` from an hour on. The second that is running counts as left. */
function clockFace(leftMs: number): string {
  if (!Number.isFinite(leftMs)) return '';
  const seconds = Math.ceil(leftMs / SECOND_MS);
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
