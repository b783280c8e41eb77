import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOrder, Measured } from './load-orders.ts';
import { percentile } from './percentiles.ts';
import { cpuSeconds } from './process-cpu.ts';
import { type PageListener, ShopperPage } from './shopper-page.ts';

type Paced = Extract<LoadOrder, { do: 'pace' }>;
type Saturating = Extract<LoadOrder, { do: 'saturate' }>;
type Browsing = Extract<LoadOrder, { do: 'browse' }>;

/** Server and generator share a machine: opening all sockets at once would only measure timeouts. */
const OPENED_AT_ONCE = 50;
const MOST_TRIES = 40;
const TRY_AGAIN_AFTER_MS = 250;
const TICK_MS = 1;
const DRAIN_WITHIN_MS = 3_000;

/** The shoppers of one server. Whoever has waited longest sends the next event, so that all of them stay in use. */
class Crowd implements PageListener {
  readonly #pages: ShopperPage[] = [];
  #free: ShopperPage[] = [];
  #nextFree = 0;
  #ackMs: number[] = [];
  #nudgeMs: number[] = [];
  #nudgeBytes = 0;
  #done = 0;
  #refused = 0;
  #late = 0;
  #onSettled: () => void = () => undefined;

  async connect(url: URL, count: number): Promise<void> {
    while (this.#pages.length < count) {
      const first = this.#pages.length;
      const numbers = Array.from({ length: Math.min(OPENED_AT_ONCE, count - first) }, (_, n) => first + n);
      this.#pages.push(...(await Promise.all(numbers.map((number) => this.#open(url, number)))));
    }
    this.#free = [...this.#pages];
    this.#nextFree = 0;
  }

  /** A hub that has much to do sends new pages away for a moment. */
  async #open(url: URL, number: number, tries = MOST_TRIES): Promise<ShopperPage> {
    try {
      return await ShopperPage.open(url, number, this);
    } catch (error) {
      if (tries === 1) throw error;
      await sleep(TRY_AGAIN_AFTER_MS);
      return this.#open(url, number, tries - 1);
    }
  }

  leave(): void {
    for (const page of this.#pages.splice(0)) page.close();
    this.#free = [];
  }

  acked(ms: number, ok: boolean): void {
    this.#ackMs.push(ms);
    if (!ok) this.#refused++;
  }

  nudged(ms: number, bytes: number): void {
    this.#nudgeMs.push(ms);
    this.#nudgeBytes += bytes;
  }

  settled(page: ShopperPage): void {
    this.#done++;
    this.#free.push(page);
    this.#onSettled();
  }

  pace({ perSecond, clickEvery, forMs, serverPid }: Paced): Promise<Measured> {
    return this.#measure(serverPid, async (startedAt) => {
      const total = Math.round((perSecond * forMs) / 1000);
      let sent = 0;
      while (sent < total) {
        const now = performance.now();
        for (; sent < total && startedAt + (sent * 1000) / perSecond <= now; sent++) {
          const due = startedAt + (sent * 1000) / perSecond;
          const page = this.#takeFree();
          if (!page) {
            this.#late++;
            break;
          }
          // One that had to wait for a free page is timed from when it was due, so that a stall is not left out.
          page.addToCart(now - due > 2 * TICK_MS ? due : now, clickEvery);
        }
        await sleep(TICK_MS);
      }
    });
  }

  saturate({ underWay, clickEvery, forMs, serverPid }: Saturating): Promise<Measured> {
    return this.#measure(serverPid, () =>
      this.#keepBusy(underWay, forMs, (page) => page.addToCart(performance.now(), clickEvery)),
    );
  }

  browse({ underWay, answer, forMs, serverPid }: Browsing): Promise<Measured> {
    return this.#measure(serverPid, () =>
      this.#keepBusy(underWay, forMs, (page) => page.browse(performance.now(), answer)),
    );
  }

  async #keepBusy(underWay: number, forMs: number, act: (page: ShopperPage) => void): Promise<void> {
    this.#onSettled = () => {
      const page = this.#takeFree();
      if (page) act(page);
    };
    for (let count = 0; count < underWay; count++) this.#onSettled();
    await sleep(forMs);
    this.#onSettled = () => undefined;
  }

  async #measure(serverPid: number, work: (startedAt: number) => Promise<void>): Promise<Measured> {
    this.#forget();
    const ownBefore = process.cpuUsage();
    const serverBefore = cpuSeconds(serverPid);
    const startedAt = performance.now();
    await work(startedAt);
    const done = this.#done;
    const seconds = (performance.now() - startedAt) / 1000;
    const server = cpuSeconds(serverPid) - serverBefore;
    const own = process.cpuUsage(ownBefore);
    const unanswered = await this.#drain();
    return {
      perSecond: done / seconds,
      ack: latency(this.#ackMs),
      nudge: latency(this.#nudgeMs),
      nudges: this.#nudgeMs.length,
      nudgeBytes: this.#nudgeBytes / this.#nudgeMs.length,
      serverBusy: server / seconds,
      generatorBusy: (own.user + own.system) / 1e6 / seconds,
      perServerCpuSecond: done / server,
      failed: this.#refused + unanswered,
      late: this.#late,
    };
  }

  async #drain(): Promise<number> {
    const deadline = performance.now() + DRAIN_WITHIN_MS;
    const unanswered = () => this.#pages.filter((page) => !page.isSettled).length;
    while (unanswered() > 0 && performance.now() < deadline) await sleep(10);
    return unanswered();
  }

  #takeFree(): ShopperPage | undefined {
    const page = this.#free[this.#nextFree];
    if (page && ++this.#nextFree >= 4_096) {
      this.#free = this.#free.slice(this.#nextFree);
      this.#nextFree = 0;
    }
    return page;
  }

  #forget(): void {
    this.#ackMs = [];
    this.#nudgeMs = [];
    this.#nudgeBytes = 0;
    this.#done = 0;
    this.#refused = 0;
    this.#late = 0;
  }
}

const crowd = new Crowd();

async function carryOut(order: LoadOrder): Promise<Measured | null> {
  switch (order.do) {
    case 'connect':
      await crowd.connect(new URL(order.url), order.pages);
      return null;
    case 'pace':
      return crowd.pace(order);
    case 'saturate':
      return crowd.saturate(order);
    case 'browse':
      return crowd.browse(order);
    case 'leave':
      crowd.leave();
      return null;
  }
}

function latency(ms: readonly number[]): { p50: number; p99: number } {
  return { p50: percentile(ms, 50), p99: percentile(ms, 99) };
}

process.on('message', (order: LoadOrder) => {
  void carryOut(order).then((measured) => process.send?.(measured ?? {}));
});
process.once('disconnect', () => process.exit(0));
