import { ITEM_NAME, ITEMS, ORIGIN, PRICE, PUBLISHABLE_KEY } from './bench-site.ts';
import { FrameSocket } from './frame-socket.ts';

/** What a page tells whoever measures. Times are milliseconds since the page sent its event. */
export interface PageListener<Page = ShopperPage> {
  acked(ms: number, ok: boolean): void;
  nudged(ms: number, bytes: number): void;
  /** All that was to come back for the last event is back: the page can send the next one. */
  settled(page: Page): void;
}

/** One addition in so many comes with the whole cart, as pages send it, so that carts do not grow without end. */
const SNAPSHOT_EVERY = 8;
/** Of a shopper who looks around, one event in so many is an addition, and the others are views. */
const ADDS_EVERY = 4;
/** One view in so many is of an item that is new to them, so that as many pairs are learned a view as in visits of six. */
const NEW_VIEW_EVERY = 8;
/** What each page says of itself when it connects. */
const STANDS = '{"locale":"en","timeZone":"Europe/Berlin","device":"mobile","path":"/products/mug"}';

/** One shopper's page: one socket, and at most one message under way on it. Writes Socket.IO's texts by hand. */
export class ShopperPage {
  readonly #number: number;
  readonly #listener: PageListener;
  readonly #socket: FrameSocket;
  readonly #welcome: () => void;
  /** Says which shopper this is, to whoever opens another page of theirs. */
  token = '';
  #rev = 0;
  #sentAt = 0;
  #awaitsAck = false;
  #awaitsNudge = false;
  #nudge: string | null = null;
  #additionsSinceNudge = 0;

  private constructor(
    url: URL,
    number: number,
    listener: PageListener,
    opened: { resolve(page: ShopperPage): void; reject(error: Error): void },
  ) {
    this.#number = number;
    this.#listener = listener;
    this.#welcome = () => opened.resolve(this);
    // Each is at home somewhere, for hubs that believe in a proxy.
    const home = `10.0.${number >> 8}.${number & 255}`;
    this.#socket = new FrameSocket(url, ORIGIN, (text) => this.#take(text), opened.reject, home);
  }

  /** Resolves when the server has said welcome. */
  static open(url: URL, number: number, listener: PageListener): Promise<ShopperPage> {
    return new Promise((resolve, reject) => {
      void new ShopperPage(url, number, listener, { resolve, reject });
    });
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  get isSettled(): boolean {
    return !this.#awaitsAck && !this.#awaitsNudge;
  }

  /**
   * Adds something to the cart. A nudge that is up holds the next one back, so every `clickEvery` additions the same
   * message first says that the shopper clicked it.
   */
  addToCart(startedAt: number, clickEvery: number): void {
    const clicks = this.#nudge !== null && ++this.#additionsSinceNudge >= clickEvery;
    const click = clicks ? `${this.#clicked()},` : '';
    this.#awaitsAck = true;
    this.#awaitsNudge = this.#nudge === null;
    this.#sentAt = startedAt;
    const message = `${click}${this.#addition()}`;
    this.#socket.send(`42${this.#rev}["track",{"events":[${message}]}]`);
  }

  /** Looks at an item, or now and then adds one. With an ack nothing else is awaited; without one a push is. */
  browse(startedAt: number, answer: 'ack' | 'push'): void {
    this.#awaitsAck = answer === 'ack';
    this.#awaitsNudge = answer === 'push';
    this.#sentAt = startedAt;
    const event = this.#rev % ADDS_EVERY === 0 ? this.#addition() : this.#view();
    this.#socket.send(`42${this.#awaitsAck ? this.#rev : ''}["track",{"events":[${event}]}]`);
  }

  close(): void {
    this.#socket.close();
  }

  #clicked(): string {
    const nudge = this.#nudge ?? '';
    this.#nudge = null;
    this.#additionsSinceNudge = 0;
    return `{${this.#envelope('nudge_clicked')},"params":{"nudge":"${nudge}"}}`;
  }

  #addition(): string {
    const head = this.#envelope('add_to_cart');
    const item = this.#item(this.#rev);
    const cart = this.#rev % SNAPSHOT_EVERY === 1 ? `,"cart":{"currency":"EUR","items":[${item}]}` : '';
    return `{${head},"params":{"currency":"EUR","value":${PRICE},"items":[${item}]}${cart}}`;
  }

  #view(): string {
    const head = this.#envelope('view_item');
    const place = Math.floor(this.#rev / NEW_VIEW_EVERY) + (this.#rev % 4);
    return `{${head},"params":{"currency":"EUR","value":${PRICE},"items":[${this.#item(place)}]}}`;
  }

  #item(place: number): string {
    const id = `item-${(this.#number * 31 + place) % ITEMS}`;
    return `{"item_id":"${id}","item_name":"${ITEM_NAME}","price":${PRICE},"quantity":1}`;
  }

  #envelope(name: string): string {
    this.#rev++;
    const id = `01BENCH${String(this.#number).padStart(6, '0')}${String(this.#rev).padStart(13, '0')}`;
    return `"id":"${id}","name":"${name}","at":${Date.now()},"rev":${this.#rev}`;
  }

  #take(text: string): void {
    if (text.startsWith('43')) this.#acked(text);
    else if (text.startsWith('42["nudge"')) this.#nudged(text);
    else if (text.startsWith('42["welcome"')) this.#welcomed(text);
    else if (text === '2') this.#socket.send('3');
    else if (text.startsWith('0'))
      this.#socket.send(`40{"site":"${PUBLISHABLE_KEY}","tab":"bench-tab-${this.#number}","page":${STANDS}}`);
    else if (text.startsWith('44')) throw new Error(`The server refused a page: ${text}`);
  }

  #welcomed(text: string): void {
    this.token = /"token":"([^"]+)"/.exec(text)?.[1] ?? '';
    this.#welcome();
  }

  #acked(text: string): void {
    this.#awaitsAck = false;
    this.#listener.acked(performance.now() - this.#sentAt, text.includes('"ok":true'));
    if (this.isSettled) this.#listener.settled(this);
  }

  #nudged(text: string): void {
    const from = text.indexOf('"id":"') + 6;
    this.#nudge = text.slice(from, text.indexOf('"', from));
    // One that comes unasked for is up, and that is all.
    if (!this.#awaitsNudge) return;
    this.#awaitsNudge = false;
    this.#listener.nudged(performance.now() - this.#sentAt, text.length);
    if (this.isSettled) this.#listener.settled(this);
  }
}
