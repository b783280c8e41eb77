import { css, html, LitElement, nothing } from 'lit';
import type { Preferences } from '../../shared/preferences.ts';
import type { PanelWords } from '../locales/panel-words.ts';
import type { PanelSource } from '../message-centre.ts';
import type { Said } from '../wishes.ts';
import { base } from './theme.ts';

const PAUSES = ['1h', '1d', '7d'] as const;
const KINDS = ['toast', 'countdown', 'recommendation', 'progress', 'bar'] as const;
const USUAL_QUIET_HOURS = { from: '22:00', to: '08:00' };

/** How the shopper wants messages. Each change holds at once; nothing is ticked for them. */
class PreferenceForm extends LitElement {
  static override styles = [
    base,
    css`
      section {
        padding: 14px 20px;
        border-block-end: 1px solid var(--bell-line);
      }
      section:last-child {
        border: 0;
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend,
      .legend {
        padding: 0;
        margin-block-end: 6px;
        font-weight: 600;
      }
      label {
        display: flex;
        gap: 10px;
        align-items: center;
        min-height: 34px;
        cursor: pointer;
      }
      .main {
        justify-content: space-between;
        font-weight: 600;
      }
      input[type='checkbox'],
      input[type='radio'] {
        flex: none;
        width: 20px;
        height: 20px;
        margin: 0;
        accent-color: var(--bell-accent);
      }
      input[type='time'] {
        min-height: 36px;
        padding: 4px 8px;
        border: 1px solid var(--bell-line);
        border-radius: 8px;
        background: transparent;
        color: inherit;
        font: inherit;
      }
      input[type='time']:focus-within {
        outline: 2px solid var(--bell-accent);
        outline-offset: 2px;
      }
      p {
        margin: 2px 0 0;
        color: var(--bell-muted);
        font-size: 13.5px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
        margin-block-start: 6px;
      }
      button {
        min-height: 36px;
        padding: 6px 14px;
        border: 1px solid var(--bell-line);
        border-radius: 999px;
        background: transparent;
        color: var(--bell-text);
        font-size: 14px;
      }
      button:hover {
        background: var(--bell-tint);
      }
    `,
  ];
  static override properties = {
    preferences: {},
    source: {},
    words: {},
    locale: {},
    forgets: { state: true },
  };

  declare preferences: Preferences;
  declare source: PanelSource;
  declare words: PanelWords;
  declare locale: string;
  /** Forgetting can't be undone, so it is asked for twice. */
  declare forgets: 'no' | 'asked' | 'done';

  constructor() {
    super();
    this.forgets = 'no';
  }

  override render() {
    const { preferences, words } = this;
    const off = preferences.doNotDisturb;
    return html`<section>
        <label class="main"
          >${words.allow}<input
            type="checkbox"
            role="switch"
            .checked=${!off}
            @change=${() => this.#say({ doNotDisturb: !off })}
        /></label>
        <p>${words.allowHint}</p>
      </section>
      ${off ? nothing : [this.#pause(), this.#often(), this.#kinds(), this.#quiet()]}${this.#lessOf()}${this.#forget()}`;
  }

  #pause() {
    const { preferences, words } = this;
    const { snoozedUntil } = preferences;
    const isPaused = snoozedUntil !== null && snoozedUntil > this.source.now();
    return html`<section>
      <div class="legend" id="pause">${words.pause}</div>
      ${
        isPaused
          ? html`<p>${words.pausedUntil(this.#moment(snoozedUntil))}</p>
              <div class="row">
                <button type="button" @click=${() => this.#say({ snooze: null })}>${words.resume}</button>
              </div>`
          : html`<div class="row" role="group" aria-labelledby="pause">
              ${PAUSES.map(
                (length) =>
                  html`<button type="button" @click=${() => this.#say({ snooze: length })}>
                    ${words.pauses[length]}
                  </button>`,
              )}
            </div>`
      }
    </section>`;
  }

  #often() {
    const { preferences, words } = this;
    const choice = (label: string, fewer: boolean) =>
      html`<label
        ><input
          type="radio"
          name="often"
          .checked=${(preferences.fewer ?? false) === fewer}
          @change=${() => this.#say({ fewer })}
        />${label}</label
      >`;
    return html`<section>
      <fieldset>
        <legend>${words.often}</legend>
        ${choice(words.asFits, false)}${choice(words.oncePerDay, true)}
      </fieldset>
    </section>`;
  }

  #kinds() {
    const { words } = this;
    const without = this.preferences.without ?? [];
    const turn = (kind: (typeof KINDS)[number]) =>
      this.#say({
        without: without.includes(kind) ? without.filter((other) => other !== kind) : [...without, kind],
      });
    return html`<section>
      <fieldset>
        <legend>${words.kinds}</legend>
        ${KINDS.map(
          (kind) =>
            html`<label
              ><input
                type="checkbox"
                .checked=${!without.includes(kind)}
                @change=${() => turn(kind)}
              />${words.kind[kind]}</label
            >`,
        )}
      </fieldset>
    </section>`;
  }

  #quiet() {
    const { words } = this;
    const { quietHours } = this.preferences;
    const hour = (which: 'from' | 'to') =>
      html`<label
        >${words[which]}<input
          type="time"
          .value=${quietHours?.[which] ?? ''}
          @change=${(event: Event) => this.#setHour(which, (event.target as HTMLInputElement).value)}
      /></label>`;
    return html`<section>
      <label class="main"
        >${words.quiet}<input
          type="checkbox"
          .checked=${quietHours !== null}
          @change=${() => this.#say({ quietHours: quietHours ? null : USUAL_QUIET_HOURS })}
      /></label>
      ${quietHours ? html`<div class="row">${hour('from')}${hour('to')}</div>` : nothing}
    </section>`;
  }

  #lessOf() {
    const count = this.preferences.lessOf?.length ?? 0;
    if (count === 0) return nothing;
    return html`<section>
      <p>${this.words.lessOf(count)}</p>
      <div class="row">
        <button type="button" @click=${() => this.#say({ lessOf: null })}>${this.words.showAgain}</button>
      </div>
    </section>`;
  }

  #forget() {
    const { words } = this;
    const button = (label: string, press: () => void) =>
      html`<button type="button" @click=${press}>${label}</button>`;
    const turn = (forgets: 'no' | 'asked') => () => (this.forgets = forgets);
    const now = () => {
      this.forgets = 'done';
      this.source.forget();
    };
    return html`<section>
      ${
        this.forgets === 'done'
          ? html`<p role="status">${words.forgotten}</p>`
          : html`<p>${words.forgetHint}</p>
              <div class="row">
                ${this.forgets === 'no' ? button(words.forget, turn('asked')) : [button(words.forgetNow, now), button(words.keep, turn('no'))]}
              </div>`
      }
    </section>`;
  }

  #say(said: Said): void {
    this.source.say(said);
  }

  /** A field that was emptied, or hours that end as they begin, say nothing. */
  #setHour(which: 'from' | 'to', time: string): void {
    const { quietHours } = this.preferences;
    const next = quietHours && { ...quietHours, [which]: time };
    if (next && time !== '' && next.from !== next.to) this.#say({ quietHours: next });
  }

  #moment(at: number): string {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
  }
}

export function definePreferenceForm(): void {
  if (!customElements.get('cartbell-preferences'))
    customElements.define('cartbell-preferences', PreferenceForm);
}
