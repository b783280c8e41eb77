import type { Nudge } from '../shared/nudge.ts';
import { PROTOCOL_VERSION } from '../shared/protocol.ts';
import { type Area, isQuiet, staysOn } from '../shared/nudge-kinds.ts';
import type { CartBell } from './components/cart-bell.ts';
import type { PanelView } from './components/message-panel.ts';
import type { CardAct } from './components/nudge-element.ts';
import { CentreDoor } from './centre-door.ts';
import { EventQueue, type SeenEvent } from './event-queue.ts';
import { isFields } from './fields.ts';
import type { Shown, Watcher } from './identity.ts';
import { HubClock } from './hub-clock.ts';
import type { MarkedSlots } from './marked-slots.ts';
import type { MessageCentre } from './message-centre.ts';
import { pageFacts, pageLocale } from './page-facts.ts';
import type { Surroundings } from './painter.ts';
import type { PageStorage } from './page-storage.ts';
import { Sender } from './sender.ts';
import { capture, captureCart } from './sensors/captured-events.ts';
import { captureOwn } from './sensors/own-events.ts';
import { idsPainted, inlineIn, newSession, nudgeAt, type Signal, step } from './session.ts';
import { shopCart } from './shop-cart.ts';
import { type Keys, keysOf } from './storage-keys.ts';
import type { Tab } from './tab.ts';
import { sendBeacon } from './transports/beacon.ts';
import { sharedTransport } from './transports/shared-transport.ts';
import type { HubMessage, Transport } from './transports/transport.ts';

export interface PageOptions {
  /** The `cart-bell` element, not upgraded yet. */
  readonly host: HTMLElement;
  readonly site: string;
  /** Origin of the hub. */
  readonly hub: string;
  /** Nothing is kept on the device before the shopper has allowed it. */
  readonly needsConsent: boolean;
}

const MOST_LAST_WORDS = 50;

/** One page of the shop: gathers what happens, tells the hub, and paints what the hub sends. */
export class BellPage {
  readonly options: PageOptions;
  readonly device: PageStorage;
  readonly keys: Keys;
  readonly queue: EventQueue;
  readonly #clock = new HubClock();
  #slots: MarkedSlots | null = null;
  readonly #door: CentreDoor;
  #tab: Tab;
  #session = newSession(document.visibilityState === 'visible');
  #transport: Transport | null = null;
  #sender: Sender | null = null;
  readonly watchers = new Set<Watcher>();
  readonly shown: Shown = {};
  declare givenUp?: string;
  #isForgotten = false;
  /** What the hub’s count of messages is of. */
  #life = '';
  /** Who the page said is here, where that is still to be taken. */
  readonly #said: unknown[] = [];
  /** As the page was left. */
  #hadToken: boolean | undefined;
  /** Nothing more may be kept. */
  forgotten: (isDone: boolean) => void = () => undefined;
  /** Something waits to be looked at again. */
  stirred: () => void = () => undefined;

  constructor(options: PageOptions, device: PageStorage, tab: Tab) {
    this.options = options;
    this.device = device;
    this.#tab = tab;
    this.keys = keysOf(options.site);
    this.queue = new EventQueue(device, options.site, tab.id);
    this.#door = new CentreDoor(device, options.site, {
      locale: pageLocale,
      theme: () => options.host.getAttribute('theme') ?? '',
      now: () => this.#clock.now(),
      report: (event) => this.report(event),
      open: (view) => this.#open(view),
      changed: () => void (customElements.get('cart-bell') && (options.host as CartBell).stamp++),
      forget: () => this.forget(),
    });
  }

  /** `mayShare`: whether tabs of this browser may know one another. */
  connect(mayShare: () => boolean): void {
    const { hub, site } = this.options;
    this.#transport = sharedTransport({
      hub,
      name: `cartbell:link:${PROTOCOL_VERSION} ${hub} ${site}`,
      // What one tab has to show at the door is not for others to say.
      mayShare: () => mayShare() && !Object.keys(this.shown)[0],
      page: pageFacts,
      tab: () => this.#tab.id,
      auth: () => this.#auth(),
      receive: (message) => this.#receive(message),
      refused: (reason) => {
        complain(reason);
        this.#tell('down', 'refused', reason);
      },
    });
    this.#sender = new Sender(this.queue, this.#transport);
  }

  /** Nothing waits: no event to tell, no nudge, no other tab's event to take over. */
  get isAtRest(): boolean {
    const hasWork = this.#session.known.length > 0 || this.queue.isWaiting || this.#door.hasMessages;
    return this.#isForgotten || !hasWork;
  }

  /** `isFirst`: it was so before what waits to be told. */
  report(seen: SeenEvent | null, isFirst = false): void {
    if (!seen || this.#isForgotten) return;
    this.stirred();
    const event = this.queue.add(seen, Date.now(), isFirst);
    this.#tell('up', event.name, event);
    this.#sender?.soon();
    if (seen.name === 'purchase') this.#door.ordered();
  }

  /** A call of `cartbell(…)`. What it does not know, it lets pass. */
  hear([command, name, given]: readonly unknown[]): void {
    if (command === 'event' && typeof name === 'string') {
      const seen = capture(name, given) ?? captureOwn(name, given);
      const cart = captureCart(isFields(given) ? given['cart'] : undefined);
      this.report(seen && cart ? { ...seen, cart } : seen);
    } else if (command === 'onAdd' && typeof name === 'function') {
      shopCart.add = name as NonNullable<typeof shopCart.add>;
    } else if (command === 'open' && (name === 'inbox' || name === 'preferences')) {
      this.#open(name);
    } else if (command === 'inspect' && typeof name === 'function') {
      // The caller says what it is by asking to inspect.
      this.watchers.add(name as Watcher);
      this.shown.inspect = true;
      this.connectAnew();
    } else if (command === 'identify') {
      this.#said.push(name);
      import('./identity.ts').then(({ identify }) => identify(this, this.#said)).catch(complain);
    }
  }

  look(): void {
    this.#feed({ kind: 'visibility', visible: document.visibilityState === 'visible' });
  }

  beat(): void {
    if (this.#isForgotten) return;
    this.#door.look();
    this.queue.beat(Date.now());
    // A tab that crashed leaves its events behind, and no page may be opened for long.
    this.queue.adopt(Date.now());
    this.#sender?.soon();
    if (this.#session.known.length > 0) this.#feed({ kind: 'time', now: this.#clock.now() });
    // A shop that draws its page anew takes out what it did not put in.
    if (idsPainted(this.#session).length > 0 && !this.options.host.isConnected) this.#paint();
  }

  leave(): void {
    const token = this.#isForgotten ? null : this.device.get(this.keys.token);
    this.#hadToken = token !== null;
    if (token) sendBeacon(this.options.hub, this.options.site, token, this.queue.next(MOST_LAST_WORDS));
    this.#tab.release();
    this.#transport?.close();
  }

  /** The device may know the shopper and what they have not told yet, or may not any more. */
  deviceChanged(): void {
    if (this.#isForgotten) return;
    this.queue.reopen(this.#tab.id, Date.now());
    this.connectAnew();
  }

  comeBack(tab: Tab): void {
    this.#tab = tab;
    // Taken away meanwhile, by a tab that was asked to forget.
    if (this.#hadToken && this.device.get(this.keys.token) === null) this.forget(true);
    if (this.#isForgotten) return;
    this.queue.reopen(tab.id, Date.now());
    this.#feed({ kind: 'returned' });
    this.#transport?.open();
  }

  #tell(direction: 'up' | 'down', name: string, message: unknown): void {
    for (const watch of this.watchers) watch({ direction, name, message });
  }

  letGo(): void {
    for (const { nudge } of this.#session.known) this.#feed({ kind: 'left', id: nudge.id });
  }

  connectAnew(): void {
    this.#transport?.close();
    if (!this.#isForgotten) this.#transport?.open();
  }

  /** The page has changed: it may have places that it did not have, and what stood in one may be gone. */
  #lookForSlots(): void {
    this.#feed({ kind: 'slots', slots: this.#slots?.names() ?? [] });
    this.#paint();
  }

  #auth(): Record<string, unknown> {
    const token = this.device.get(this.keys.token);
    return {
      site: this.options.site,
      version: PROTOCOL_VERSION,
      tab: this.#tab.id,
      page: pageFacts(),
      ...this.shown,
      ...(token ? { token } : {}),
    };
  }

  #receive(heard: HubMessage): void {
    if (heard.name === 'closed') return;
    // Another tab comes in for them, which has yet to hear that they signed out. Its end is this tab's, too.
    if (heard.name === 'welcome' && heard.message.token === this.givenUp) return;
    this.stirred();
    this.#tell('down', heard.name, heard.message);
    switch (heard.name) {
      case 'welcome': {
        const { now, token, rev, nudges, seq, epoch, shopper } = heard.message;
        // What is kept of a customer is not for whoever comes after them.
        const before = this.device.get(this.keys.token);
        if (before?.startsWith('cb2.') && !before.includes(shopper)) this.#door.forget();
        this.#clock.set(now);
        this.device.set(this.keys.token, token);
        this.queue.raiseRev(rev);
        this.queue.adopt(Date.now());
        this.#door.welcomed(heard.message);
        // Where the hub remembers less than it did, or this is somebody else, its count begins anew.
        const life = epoch + shopper;
        this.#feed({
          kind: 'welcome',
          nudges: this.#stillToPaint(nudges),
          seq: (this.#life || life) === life ? seq : Infinity,
        });
        this.#life = life;
        this.#sender?.soon();
        return;
      }
      case 'nudge':
        this.#feed({ kind: 'nudge', nudge: heard.message });
        return;
      case 'withdraw': {
        const { id, reason, keeper, reporter } = heard.message;
        if (reporter === this.#tab.id) return;
        this.#door.withdrawn(id, reason);
        this.#feed({ kind: 'withdraw', id, reason, isKeeper: keeper === this.#tab.id });
        return;
      }
      case 'decision':
        return;
    }
  }

  /** The hub may not have heard yet what became of a nudge on this device; what is painted here stays. */
  #stillToPaint(nudges: readonly Nudge[]): Nudge[] {
    const { known } = this.#session;
    return nudges.filter(
      (nudge) => known.some((other) => other.nudge.id === nudge.id) || !this.queue.isOver(nudge),
    );
  }

  #feed(signal: Signal): void {
    const [next, commands] = step(this.#session, signal);
    this.#session = next;
    this.#watchSlots();
    for (const command of commands) {
      if (command.kind === 'claim') void this.#claim(command.id, command.from);
      else this.#paint();
    }
  }

  /** What finds marked places is loaded with the first nudge that wants one. */
  #watchSlots(): void {
    const isWanted = this.#session.known.some(({ nudge }) => nudge.kind === 'inline');
    if (this.#slots || !isWanted) return this.#slots?.watch(isWanted);
    import('./marked-slots.ts')
      .then(({ MarkedSlots: Slots }) => {
        this.#slots ??= new Slots(() => this.#lookForSlots());
        this.#watchSlots();
      })
      .catch(complain);
  }

  async #claim(id: string, from: 'push' | 'page'): Promise<void> {
    const ack = (await this.#transport?.claim(id, from)) ?? null;
    this.#tell('up', 'claim', { nudge: id, from, ack });
    this.#feed({ kind: 'claimed', id, ack });
  }

  /** Lit and the components come with the first nudge: a shopper who gets none never loads them. */
  #paint(): void {
    this.#tryToPaint().catch(this.#cannotPaint);
  }

  async #tryToPaint(): Promise<void> {
    if (idsPainted(this.#session).length === 0 && !customElements.get('cart-bell')) return;
    const { paint } = await import('./painter.ts');
    // A shop that changes its pages by script may have taken the element out.
    if (!this.options.host.isConnected) document.body.append(this.options.host);
    const picture = {
      at: (area: Area) => nudgeAt(this.#session, area),
      inline: () => inlineIn(this.#session),
      place: (name: string) => this.#slots?.find(name) ?? null,
    };
    await paint(this.options.host, picture, this.#surroundings());
  }

  /** The parts could not be loaded. Nothing is left half done: what would have been painted is let go. */
  readonly #cannotPaint = (error: unknown): void => {
    complain(error);
    for (const id of idsPainted(this.#session)) this.#feed({ kind: 'left', id });
  };

  #surroundings(): Surroundings {
    const report: Surroundings['report'] = (what, nudge) => this.#onReport(what, nudge);
    return { clock: this.#clock, locale: pageLocale(), report };
  }

  #onReport(what: 'displayed' | CardAct, nudge: Nudge): void {
    if (what === 'inbox' || what === 'preferences') return this.#open(what);
    const event = eventOf(what, nudge);
    if (event) this.report(event);
    // What stands in the page itself needs no other place.
    if (!isQuiet(nudge.kind)) this.#door.note(nudge, what !== 'displayed');
    if (what === 'less') this.#door.open((centre) => centre.lessOf(nudge.rule));
    // A countdown's code is still needed at the checkout, for one.
    const isAway = what === 'dismissed' || what === 'ended' || what === 'less';
    if (isAway || (what === 'clicked' && !staysOn(nudge.kind))) this.#feed({ kind: 'left', id: nudge.id });
  }

  #open(view: PanelView): void {
    const { host } = this.options;
    const open = async (centre: MessageCentre) => {
      const [{ dress }, { openPanel }] = await Promise.all([
        import('./painter.ts'),
        import('./components/open-panel.ts'),
      ]);
      if (!host.isConnected) document.body.append(host);
      await openPanel(await dress(host, this.#surroundings()), view, centre);
    };
    this.#door.open((centre) => void open(centre).catch(this.#cannotPaint));
  }

  /** As if this browser had never been here. The next page starts anew. `isDone`: another tab has emptied the device. */
  forget(isDone = false): void {
    this.#isForgotten = true;
    this.#transport?.close();
    this.letGo();
    this.#tab.forget();
    this.forgotten(isDone);
  }
}

function complain(error: unknown): void {
  console.debug('Cartbell:', error);
}

/** What the hub is told of it, if anything. */
function eventOf(what: Exclude<'displayed' | CardAct, PanelView>, { id, rule }: Nudge): SeenEvent | null {
  switch (what) {
    case 'displayed':
    case 'clicked':
    case 'dismissed':
      return { name: `nudge_${what}`, params: { nudge: id } };
    // The strip stays: the shopper may want a second thing of it.
    case 'added':
      return { name: 'nudge_clicked', params: { nudge: id } };
    case 'useful':
    case 'not_useful':
      return { name: 'nudge_rated', params: { nudge: id, rating: what } };
    case 'less':
      return { name: 'preferences_update', params: { lessOf: rule } };
    case 'ended':
      return null;
  }
}
