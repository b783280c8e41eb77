import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { ClaimAck, TrackAck, Welcome } from '../../../shared/hub-messages.ts';
import type { Nudge } from '../../../shared/nudge.ts';
import { ORIGIN, PUBLISHABLE_KEY } from '../sample-site.ts';
import type { History } from './history.ts';

/** One shopper over all tabs: the hub gives the name, and the events of all tabs are counted as one row. */
export interface Shopper {
  id: string;
  token: string | null;
  rev: number;
}

/** What a tab reports, short of its envelope. */
export interface Report {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface TabSettings {
  /** The hubs that it may connect to; asked and chosen from by chance at each connection. */
  urls(): readonly string[];
  readonly history: History;
  readonly ackWithinMs: number;
  /** A tab that was cut off comes back at any moment within so long, by chance. */
  readonly backWithinMs: number;
}

export interface ReadyEvent extends Report {
  readonly id: string;
  readonly at: number;
  readonly rev: number;
}

type Answer<Result> = { readonly result: Result; readonly retryAfterMs: number | null };
/** After so many answers that did not come, another connection may do better. */
const MOST_UNANSWERED = 2;

/** One tab as a hub sees it. It asks again with the same id until it is answered, over as many connections as it takes. */
export class ShopperTab {
  readonly name = `tab-${randomUUID()}`;
  readonly #shopper: Shopper;
  readonly #settings: TabSettings;
  readonly #over: AbortSignal;
  /** Nudges that this tab has been answered about, or is asking for. */
  readonly #claimed = new Map<string, 'asking' | 'granted' | 'taken' | 'gone'>();
  /** Those who wait for the next connection. */
  readonly #waiting = new Set<() => void>();
  readonly #underWay = new Set<Promise<void>>();
  #socket: Socket | null = null;
  #isWelcome = false;
  #unanswered = 0;

  constructor(shopper: Shopper, settings: TabSettings, over: AbortSignal) {
    this.#shopper = shopper;
    this.#settings = settings;
    this.#over = over;
    over.addEventListener('abort', () => this.#leave(), { once: true });
    this.#connect();
  }

  /** Whether a hub has welcomed it, and it has not been cut off since. */
  get isWelcome(): boolean {
    return this.#isWelcome;
  }

  /** Resolves when it is welcome, or all is over. */
  async welcomed(): Promise<void> {
    while (!this.#isWelcome && !this.#over.aborted)
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Resolves when nothing that it has begun is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  make(report: Report): ReadyEvent {
    return { id: randomUUID(), at: Date.now(), rev: ++this.#shopper.rev, ...report };
  }

  /** Resolves when the event is acked, or refused for good, or all is over. */
  send(event: ReadyEvent): Promise<void> {
    const { history } = this.#settings;
    return this.#ask(async (socket) => {
      const done = history.begin('event', { ...this.#asked(event.id), name: event.name });
      const ack = await answered<TrackAck>(this.#emit(socket, 'track', { events: [event] }));
      if (ack === null) return answerOf(done, 'unknown', 0);
      if (ack.ok) return answerOf(done, 'acked', null);
      return answerOf(done, 'refused', ack.retryAfter ?? null);
    });
  }

  #claim({ id, kind }: Nudge, from: 'push' | 'page'): void {
    const known = this.#claimed.get(id);
    const mayMove = known === 'taken' && kind === 'countdown' && from === 'page';
    if (known !== undefined && !mayMove) return;
    this.#claimed.set(id, 'asking');
    const { history } = this.#settings;
    const asked = this.#ask(async (socket) => {
      const done = history.begin('claim', { ...this.#asked(id), from });
      const ack = await answered<ClaimAck>(this.#emit(socket, 'claim', { nudge: id, tab: this.name, from }));
      if (ack === null) return answerOf(done, 'unknown', 0);
      if ('error' in ack) return answerOf(done, 'refused', ack.retryAfter ?? null);
      const result = ack.ok ? 'granted' : ack.reason;
      this.#claimed.set(id, result);
      return answerOf(done, result, null);
    });
    const shown = asked.then(async () => {
      if (this.#claimed.get(id) !== 'granted' || this.#over.aborted) return;
      await this.send(this.make({ name: 'nudge_displayed', params: { nudge: id } }));
    });
    this.#keep(shown);
  }

  #keep(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  #asked(id: string) {
    return { id, shopper: this.#shopper.id, tab: this.name };
  }

  async #ask(attempt: (socket: Socket) => Promise<Answer<string>>): Promise<void> {
    for (;;) {
      await this.welcomed();
      const socket = this.#socket;
      if (this.#over.aborted) return;
      if (!socket) continue;
      const { result, retryAfterMs } = await attempt(socket);
      if (retryAfterMs === null) return;
      if (result === 'unknown' && ++this.#unanswered >= MOST_UNANSWERED) this.#lose(socket, null);
      if (result !== 'unknown') this.#unanswered = 0;
      await this.#pause(retryAfterMs * (1 + Math.random()));
    }
  }

  #emit(socket: Socket, name: string, message: object): Promise<unknown> {
    return socket.timeout(this.#settings.ackWithinMs).emitWithAck(name, message);
  }

  #connect(): void {
    const urls = this.#settings.urls();
    const url = urls[Math.floor(Math.random() * urls.length)];
    if (url === undefined) throw new Error('There is no hub to connect to.');
    const { token } = this.#shopper;
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: this.#settings.ackWithinMs,
      auth: { site: PUBLISHABLE_KEY, tab: this.name, ...(token === null ? {} : { token }) },
      extraHeaders: { origin: ORIGIN },
    });
    this.#socket = socket;
    let comeBackAfterMs: number | null = null;
    socket.on('welcome', (welcome: Welcome) => this.#enter(socket, welcome));
    socket.on('nudge', (nudge: Nudge) => this.#claim(nudge, 'push'));
    socket.on('moving', ({ after }: { after: number }) => (comeBackAfterMs = after));
    socket.on('disconnect', () => this.#lose(socket, comeBackAfterMs));
    socket.on('connect_error', (error: Error & { data?: { retryAfter?: number } }) =>
      this.#lose(socket, error.data?.retryAfter ?? null),
    );
    // A hub that is connected and does not welcome it is as good as none.
    void this.#loseUnlessWelcome(socket);
  }

  async #loseUnlessWelcome(socket: Socket): Promise<void> {
    await this.#pause(2 * this.#settings.ackWithinMs);
    if (socket === this.#socket && !this.#isWelcome) this.#lose(socket, null);
  }

  #enter(socket: Socket, { shopper, token, rev, nudges }: Welcome): void {
    if (socket !== this.#socket) return;
    this.#shopper.id = shopper;
    this.#shopper.token = token;
    this.#shopper.rev = Math.max(this.#shopper.rev, rev);
    this.#isWelcome = true;
    this.#unanswered = 0;
    this.#tellAll();
    for (const nudge of nudges) this.#claim(nudge, 'page');
  }

  #lose(socket: Socket, comeBackAfterMs: number | null): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#isWelcome = false;
    socket.disconnect();
    if (!this.#over.aborted) this.#keep(this.#comeBack(comeBackAfterMs));
  }

  async #comeBack(afterMs: number | null): Promise<void> {
    await this.#pause(afterMs ?? Math.random() * this.#settings.backWithinMs);
    if (!this.#over.aborted) this.#connect();
  }

  #leave(): void {
    const socket = this.#socket;
    if (socket) this.#lose(socket, null);
    this.#tellAll();
  }

  #tellAll(): void {
    for (const tell of this.#waiting) tell();
    this.#waiting.clear();
  }

  /** Ends at once when all is over. */
  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#over }).catch(() => undefined);
  }
}

/** Null: it did not come in time, or the connection is gone. */
async function answered<T>(ack: Promise<unknown>): Promise<T | null> {
  return ack.catch(() => null) as Promise<T | null>;
}

function answerOf<Result extends string>(
  done: (result: Result) => void,
  result: Result,
  retryAfterMs: number | null,
): Answer<string> {
  done(result);
  return { result, retryAfterMs };
}
