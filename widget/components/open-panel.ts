import { html } from 'lit';
import { loadPanelWords } from '../locales/panel-language.ts';
import type { PanelSource } from '../message-centre.ts';
import type { CartBell } from './cart-bell.ts';
import { definePanel, type PanelView } from './message-panel.ts';

/** From where the shopper came, while it is open. */
let openedFrom: HTMLElement | null = null;

/** Shows messages or preferences in place of nudges, and gives the focus back to where it was when they are closed. */
export async function openPanel(bell: CartBell, view: PanelView, source: PanelSource): Promise<void> {
  const words = await loadPanelWords(bell.locale);
  definePanel();
  openedFrom ??= focused();
  const close = () => {
    if (view === 'inbox') source.markAllRead();
    // One in a nudge has left with it, and the nudge comes back in a moment.
    bell.takesFocus = openedFrom?.isConnected === false;
    bell.panel = null;
    openedFrom?.focus();
    openedFrom = null;
  };
  bell.panel = () =>
    html`<cartbell-panel
      exportparts="panel"
      .view=${view}
      .source=${source}
      .words=${words}
      .locale=${bell.locale}
      .stamp=${bell.stamp}
      @closed=${close}
    ></cartbell-panel>`;
}

/** What has the focus, also inside shadow trees, as of the bell. */
function focused(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement ? element : null;
}
