import type { Abuse, Abused, AbuseOrder } from './abuse-orders.ts';
import { ITEM_NAME, ORIGIN, PRICE } from './bench-site.ts';
import { FrameSocket } from './frame-socket.ts';

const TICK_MS = 10;
const EVENTS_IN_ONE = 25;

interface Plan {
  /** Sockets that are to be open, and as many are asked for in a tick. */
  readonly sockets: number;
  readonly openedPerTick: number;
  /** Messages of each socket in a second, and the events in each. */
  readonly perSecond: number;
  readonly events: number;
  addressOf(number: number): string;
}

const PLANS: Readonly<Record<Abuse, Plan>> = {
  'one socket': {
    sockets: 1,
    openedPerTick: 1,
    perSecond: 10_000,
    events: 1,
    addressOf: () => '203.0.113.9',
  },
  'one address': {
    sockets: 2_000,
    openedPerTick: 20,
    perSecond: 1,
    events: 1,
    addressOf: () => '203.0.113.9',
  },
  // As much as sockets may say, from as many addresses as there are sockets.
  'one site': {
    sockets: 100,
    openedPerTick: 1,
    perSecond: 20,
    events: EVENTS_IN_ONE,
    addressOf: (number) => `198.51.100.${number}`,
  },
};

interface Flooder {
  readonly socket: FrameSocket;
  isIn: boolean;
  /** Messages that are due, with what is left of a whole one. */
  due: number;
}

/** Asks for sockets again and again, and says on each more than anybody has to say. */
class Flood {
  readonly #plan: Plan;
  readonly #url: URL;
  readonly #key: string;
  readonly #flooders = new Map<number, Flooder>();
  readonly #timer: NodeJS.Timeout;
  #asked = 0;
  #sent = 0;
  #ended = 0;

  constructor(plan: Plan, url: URL, key: string) {
    this.#plan = plan;
    this.#url = url;
    this.#key = key;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): Abused {
    clearInterval(this.#timer);
    for (const { socket } of this.#flooders.values()) socket.close();
    return { asked: this.#asked, sent: this.#sent, ended: this.#ended };
  }

  #tick(): void {
    const { sockets, openedPerTick, perSecond, events } = this.#plan;
    let opened = 0;
    for (let number = 0; number < sockets && opened < openedPerTick; number++) {
      if (this.#flooders.has(number)) continue;
      this.#open(number);
      opened++;
    }
    for (const flooder of this.#flooders.values()) {
      if (!flooder.isIn) continue;
      for (flooder.due += (perSecond * TICK_MS) / 1_000; flooder.due >= 1; flooder.due--)
        flooder.socket.send(this.#message(events));
    }
  }

  #open(number: number): void {
    this.#asked++;
    const end = () => {
      if (this.#flooders.get(number)?.socket === socket && this.#flooders.delete(number)) this.#ended++;
    };
    const take = (text: string) => {
      if (text === '2') socket.send('3');
      else if (text.startsWith('0')) socket.send(`40{"site":"${this.#key}","tab":"abuser-tab-${number}"}`);
      else if (text.startsWith('42["welcome"')) flooder.isIn = true;
      else if (text.startsWith('44')) socket.close();
    };
    const socket = new FrameSocket(this.#url, ORIGIN, take, end, this.#plan.addressOf(number));
    const flooder: Flooder = { socket, isIn: false, due: 0 };
    this.#flooders.set(number, flooder);
  }

  #message(count: number): string {
    this.#sent++;
    const events = Array.from({ length: count }, (_, place) =>
      this.#event(this.#sent * EVENTS_IN_ONE + place),
    );
    return `42${this.#sent}["track",{"events":[${events.join()}]}]`;
  }

  #event(rev: number): string {
    const item = `{"item_id":"item-1","item_name":"${ITEM_NAME}","price":${PRICE}}`;
    const id = `01ABUSE${String(rev).padStart(19, '0')}`;
    return `{"id":"${id}","name":"view_item","at":${Date.now()},"rev":${rev},"params":{"items":[${item}]}}`;
  }
}

let flood: Flood | undefined;

process.on('message', (order: AbuseOrder) => {
  switch (order.do) {
    case 'start':
      flood = new Flood(PLANS[order.abuse], new URL(order.url), order.key);
      process.send?.({});
      return;
    case 'stop':
      process.send?.(flood?.stop() ?? {});
  }
});
process.once('disconnect', () => process.exit(0));
