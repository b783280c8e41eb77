import type { WithdrawReason } from '../shared/nudge.ts';
import type { Preferences } from '../shared/preferences.ts';
import type { PanelView } from './components/message-panel.ts';
import type { SeenEvent } from './event-queue.ts';
import { BELL_PLACE } from './centre-door.ts';
import { Inbox } from './inbox.ts';
import type { Message } from './kept-messages.ts';
import { loadWords } from './locales/choose-words.ts';
import type { PageStorage } from './page-storage.ts';
import type { Keys } from './storage-keys.ts';
import { type Said, Wishes } from './wishes.ts';

/** What the panel shows and does. */
export interface PanelSource {
  readonly messages: readonly Message[];
  readonly preferences: Preferences;
  /** Milliseconds since 1970 by the hub's clock. */
  now(): number;
  markAllRead(): void;
  say(said: Said): void;
  /** Takes everything that the device keeps for this shop away, and ends here. */
  forget(): void;
}

/** What it needs of the page that it is on. */
export interface Page {
  locale(): string;
  theme(): string;
  now(): number;
  report(event: SeenEvent): void;
  open(view: PanelView): void;
  /** What the panel shows has changed. */
  changed(): void;
  forget(): void;
}

/**
 * What is left of nudges when they have gone, and how the shopper wants them: inbox, preferences and the bell that leads
 * there. Loaded where the shop shows the bell, or when somebody asks for it.
 */
export class MessageCentre implements PanelSource {
  readonly #inbox: Inbox;
  readonly #wishes: Wishes;
  readonly #page: Page;

  constructor(device: PageStorage, { inbox, wishes }: Keys, page: Page) {
    this.#inbox = new Inbox(device, inbox);
    this.#wishes = new Wishes(device, wishes);
    this.#page = page;
    // Other tabs of the shop write to the same place; the browser tells of it.
    window.addEventListener('storage', ({ key }) => {
      if (key === null || key === inbox || key === wishes) void this.#show();
    });
  }

  get messages(): readonly Message[] {
    return this.#inbox.messages;
  }

  get preferences(): Preferences {
    return this.#wishes.now;
  }

  now(): number {
    return this.#page.now();
  }

  welcomed(preferences: Preferences, orderedAt: number | null): void {
    this.#wishes.hear(preferences);
    if (orderedAt !== null) this.#inbox.forgetCart(orderedAt);
    void this.#show();
  }

  /** What is kept has changed on this page. */
  show(): void {
    void this.#show();
  }

  withdrawn(id: string, reason: WithdrawReason): void {
    if (reason === 'purchased') return this.ordered();
    if (reason === 'spent' || reason === 'paused') this.#inbox.end(id);
    void this.#show();
  }

  ordered(): void {
    this.#inbox.forgetCart(this.now());
    void this.#show();
  }

  markAllRead(): void {
    this.#inbox.markRead();
    void this.#show();
  }

  say(said: Said): void {
    this.#wishes.say(said, this.now());
    this.#page.report({ name: 'preferences_update', params: { ...said } });
    void this.#show();
  }

  /** Said in the nudge itself, and reported from there. */
  lessOf(rule: string): void {
    this.#wishes.say({ lessOf: rule }, this.now());
  }

  forget(): void {
    this.#page.forget();
  }

  /** The shop draws its pages anew now and then, and with them the place for the bell. */
  async #show(): Promise<void> {
    this.#page.changed();
    const marks = [...document.querySelectorAll(BELL_PLACE)];
    if (marks.length === 0 || this.messages.length === 0) return;
    const [locale, theme] = [this.#page.locale(), this.#page.theme()];
    const { showBell } = await import('./components/bell-button.ts');
    const words = await loadWords(locale);
    const { unread } = this.#inbox;
    const open = () => this.#page.open('inbox');
    for (const mark of marks) showBell(mark, { locale, theme, unread, label: words.unread(unread), open });
  }
}
