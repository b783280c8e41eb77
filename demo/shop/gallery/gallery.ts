import { html, nothing, render, type TemplateResult } from 'lit';
import type { Nudge } from '../../../shared/nudge.ts';
import { showBell } from '../../../widget/components/bell-button.ts';
import { loadPartsOf } from '../../../widget/components/card-parts.ts';
import { defineCartBell } from '../../../widget/components/cart-bell.ts';
import { defineBar } from '../../../widget/components/edge-bar.ts';
import { defineInlineNote } from '../../../widget/components/inline-note.ts';
import { defineMessageList } from '../../../widget/components/message-list.ts';
import { defineMoreMenu } from '../../../widget/components/more-menu.ts';
import { definePreferenceForm } from '../../../widget/components/preference-form.ts';
import { HubClock } from '../../../widget/hub-clock.ts';
import { loadWords } from '../../../widget/locales/choose-words.ts';
import { loadPanelWords } from '../../../widget/locales/panel-language.ts';
import { OwnTheme } from './own-theme.ts';
import { type Lang, messages, preferences, samples } from './samples.ts';
import { GalleryStage } from './stage.ts';

/** What may be chosen, by the name that it has in the address. */
const CHOICES = {
  lang: ['en', 'ko'],
  theme: ['usual', 'plain', 'soft'],
  scheme: ['light', 'dark'],
  dir: ['ltr', 'rtl'],
  size: ['100', '200'],
} as const;
type Choice = keyof typeof CHOICES;

const asked = () => new URLSearchParams(location.search);
const chosen = (what: Choice): string => asked().get(what) ?? CHOICES[what][0];
const lang: Lang = chosen('lang') === 'ko' ? 'ko' : 'en';

const root = document.documentElement;
root.lang = lang;
root.dir = chosen('dir');
root.dataset['scheme'] = chosen('scheme');
root.dataset['size'] = chosen('size');

customElements.define('gallery-stage', GalleryStage);
customElements.define('gallery-own-theme', OwnTheme);
defineCartBell();
defineBar();
defineInlineNote();
defineMoreMenu();
defineMessageList();
definePreferenceForm();

const clock = new HubClock();
const now = clock.now();
const nudges = samples(lang, now);
await Promise.all(nudges.map(([, nudge]) => loadPartsOf(nudge)));
const [words, panelWords] = await Promise.all([loadWords(lang), loadPanelWords(lang)]);

const source = {
  messages: messages(lang, now),
  preferences: preferences['preferences, as they begin'],
  now: () => now,
  markAllRead: () => undefined,
  say: () => undefined,
  forget: () => undefined,
};

function stage(name: string, content: TemplateResult, look: { wide?: boolean; framed?: boolean } = {}) {
  return html`<section class=${look.wide ? 'wide' : ''}>
    <h2>${name}</h2>
    <gallery-stage
      data-state=${name}
      theme=${chosen('theme')}
      .framed=${look.framed ?? false}
      .content=${content}
    ></gallery-stage>
  </section>`;
}

function painted(name: string, nudge: Nudge, isUnfolded = false) {
  if (nudge.kind === 'inline') return stage(name, note(nudge, isUnfolded));
  if (nudge.kind === 'bar')
    return stage(name, html`<cartbell-bar .nudge=${nudge} .words=${words}></cartbell-bar>`, { wide: true });
  return stage(name, card(nudge, isUnfolded));
}

function note(nudge: Nudge, isUnfolded: boolean) {
  return html`<cartbell-inline
    theme=${chosen('theme')}
    .nudge=${nudge}
    .words=${words}
    .isUnfolded=${isUnfolded}
  ></cartbell-inline>`;
}

function card(nudge: Nudge, isUnfolded: boolean) {
  return html`<cartbell-card
    .nudge=${nudge}
    .words=${words}
    .clock=${clock}
    .locale=${lang}
    .isUnfolded=${isUnfolded}
  ></cartbell-card>`;
}

function choice(name: Choice) {
  const link = (value: string) => {
    const query = asked();
    query.set(name, value);
    const current = chosen(name) === value ? 'true' : nothing;
    return html`<a href=${`?${query.toString()}`} aria-current=${current}>${value}</a>`;
  };
  return html`<div role="group" aria-label=${name}>${CHOICES[name].map(link)}</div>`;
}

const unfolded = ['toast', 'inline note'].flatMap((name) => {
  const nudge = nudges.find(([other]) => other === name)?.[1];
  return nudge ? [painted(`${name}, unfolded`, nudge, true)] : [];
});
const choices = () => html`${Object.keys(CHOICES).map((name) => choice(name as Choice))}`;
/** Another language or scheme keeps the theme, which is in the address. */
const chooseAnew = () => {
  const nav = document.querySelector('nav');
  if (nav) render(choices(), nav);
};

render(
  html`<main>
    <h1>Cartbell: every nudge in every state</h1>
    <nav aria-label="Gallery"></nav>
    <gallery-own-theme .lang=${lang} .look=${chosen('theme')} @changed=${chooseAnew}></gallery-own-theme>
    <div class="stages">
      ${nudges.map(([name, nudge]) => painted(name, nudge))} ${unfolded}
      ${['messages', 'messages, none yet'].map((name, index) =>
        stage(
          name,
          html`<cartbell-messages
            .messages=${index === 0 ? source.messages : []}
            .now=${now}
            .words=${panelWords}
            .locale=${lang}
          ></cartbell-messages>`,
          { framed: true },
        ),
      )}
      ${Object.entries(preferences).map(([name, said]) =>
        stage(
          name,
          html`<cartbell-preferences
            .preferences=${said}
            .source=${source}
            .words=${panelWords}
            .locale=${lang}
          ></cartbell-preferences>`,
          { framed: true },
        ),
      )}
      ${[0, 3, 12].map(
        (unread) =>
          html`<section>
            <h2>bell, ${unread} unread</h2>
            <div data-bell=${unread}></div>
          </section>`,
      )}
    </div>
  </main>`,
  document.body,
);
chooseAnew();

for (const mark of document.querySelectorAll<HTMLElement>('[data-bell]')) {
  const unread = Number(mark.dataset['bell']);
  const open = () => undefined;
  showBell(mark, { locale: lang, theme: chosen('theme'), unread, label: words.unread(unread), open });
}
