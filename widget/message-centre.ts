import type { Nudge, WithdrawReason } from '../shared/nudge.ts';
import { isQuiet } from '../shared/nudge-kinds.ts';
import type { Preferences } from '../shared/preferences.ts';
import type { PanelView } from './components/message-panel.ts';
import type { SeenEvent } from './event-queue.ts';
import { Inbox, type Message } from './inbox.ts';
import { loadWords } from './locales/choose-words.ts';
import type { PageStorage } from './page-storage.ts';
import type { Keys } from './storage-keys.ts';
import { type Said, Wishes } from './wishes.ts';

/** Where the shop wants the bell, `<span data-cartbell-bell></span>`. */
const MARK = 'data-cartbell-bell';

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
 * there. It comes with the first nudge on a device; whoever has had none never loads it.
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

  /** What became of a nudge on this page. What stands in the page itself needs no other place. */
  note(what: string, nudge: Nudge): void {
    if (isQuiet(nudge.kind)) return;
    if (what === 'displayed') this.#inbox.add(nudge, this.now());
    else this.#inbox.markRead(nudge.id);
    if (what === 'less') this.#wishes.say({ lessOf: nudge.rule }, this.now());
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

  forget(): void {
    this.#page.forget();
  }

  /** The shop draws its pages anew now and then, and with them the place for the bell. */
  async #show(): Promise<void> {
    this.#page.changed();
    const marks = [...document.querySelectorAll(`[${MARK}]`)];
    if (marks.length === 0 || this.messages.length === 0) return;
    const [locale, theme] = [this.#page.locale(), this.#page.theme()];
    const { showBell } = await import('./components/bell-button.ts');
    const words = await loadWords(locale);
    const { unread } = this.#inbox;
    const open = () => this.#page.open('inbox');
    for (const mark of marks) showBell(mark, { locale, theme, unread, label: words.unread(unread), open });
  }

  look(): void {
    const isMissing = [...document.querySelectorAll(`[${MARK}]`)].some((mark) => !mark.hasChildNodes());
    if (isMissing) void this.#show();
  }
}
