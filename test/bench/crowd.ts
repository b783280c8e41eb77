import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOrder, Measured } from './load-orders.ts';
import { percentile } from './percentiles.ts';
import { cpuSeconds } from './process-cpu.ts';
import type { PageListener } from './shopper-page.ts';

type Paced = Omit<Extract<LoadOrder, { do: 'pace' }>, 'do'>;
type Saturating = Omit<Extract<LoadOrder, { do: 'saturate' }>, 'do'>;

type Browsing = Omit<Extract<LoadOrder, { do: 'browse' }>, 'do'>;

/** A shopper who does one thing at a time. */
export interface CrowdPage {
  /** All that was to come back for the last event is back. */
  readonly isSettled: boolean;
  addToCart(startedAt: number, clickEvery: number): void;
  browse(startedAt: number, answer: 'ack' | 'push'): void;
  close(): void;
}

const TICK_MS = 1;
const DRAIN_WITHIN_MS = 3_000;

/**
 * Shoppers who send events, and what comes of it. Whoever has waited longest sends the next event, so that all of them
 * stay in use.
 */
export class Crowd implements PageListener<CrowdPage> {
  readonly #pages: CrowdPage[] = [];
  #free: CrowdPage[] = [];
  #nextFree = 0;
  #ackMs: number[] = [];
  #nudgeMs: number[] = [];
  #nudgeBytes = 0;
  #elsewhereMs: number[] = [];
  #done = 0;
  #refused = 0;
  #late = 0;
  #onSettled: () => void = () => undefined;

  get size(): number {
    return this.#pages.length;
  }

  join(pages: readonly CrowdPage[]): void {
    for (const page of pages) {
      this.#pages.push(page);
      this.#free.push(page);
    }
  }

  leave(): void {
    for (const page of this.#pages.splice(0)) page.close();
    this.#free = [];
    this.#nextFree = 0;
  }

  acked(ms: number, ok: boolean): void {
    this.#ackMs.push(ms);
    if (!ok) this.#refused++;
  }

  nudged(ms: number, bytes: number): void {
    this.#nudgeMs.push(ms);
    this.#nudgeBytes += bytes;
  }

  /** Another page of the shopper, elsewhere, has got the nudge as well. */
  nudgedElsewhere(ms: number): void {
    this.#elsewhereMs.push(ms);
  }

  settled(page: CrowdPage): void {
    this.#done++;
    this.#free.push(page);
    this.#onSettled();
  }

  pace({ perSecond, clickEvery, forMs, serverPids }: Paced): Promise<Measured> {
    return this.#measure(serverPids, async (startedAt) => {
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

  saturate({ underWay, clickEvery, forMs, serverPids }: Saturating): Promise<Measured> {
    return this.#measure(serverPids, () =>
      this.#keepBusy(underWay, forMs, (page) => page.addToCart(performance.now(), clickEvery)),
    );
  }

  browse({ underWay, answer, forMs, serverPids }: Browsing): Promise<Measured> {
    return this.#measure(serverPids, () =>
      this.#keepBusy(underWay, forMs, (page) => page.browse(performance.now(), answer)),
    );
  }

  async #keepBusy(underWay: number, forMs: number, act: (page: CrowdPage) => void): Promise<void> {
    this.#onSettled = () => {
      const page = this.#takeFree();
      if (page) act(page);
    };
    for (let count = 0; count < underWay; count++) this.#onSettled();
    await sleep(forMs);
    this.#onSettled = () => undefined;
  }

  async #measure(
    serverPids: readonly number[],
    work: (startedAt: number) => Promise<void>,
  ): Promise<Measured> {
    this.#forget();
    const ownBefore = process.cpuUsage();
    const before = serverPids.map(cpuSeconds);
    const startedAt = performance.now();
    await work(startedAt);
    const done = this.#done;
    const seconds = (performance.now() - startedAt) / 1000;
    const cpu = serverPids.map((pid, index) => cpuSeconds(pid) - (before[index] ?? Number.NaN));
    const server = cpu.reduce((sum, each) => sum + each, 0);
    const own = process.cpuUsage(ownBefore);
    const unanswered = await this.#drain();
    return {
      seconds,
      events: done,
      perSecond: done / seconds,
      ack: latency(this.#ackMs),
      nudge: latency(this.#nudgeMs),
      elsewhere: this.#elsewhereMs.length === 0 ? null : latency(this.#elsewhereMs),
      nudges: this.#nudgeMs.length,
      nudgeBytes: this.#nudgeBytes / this.#nudgeMs.length,
      cpu,
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

  #takeFree(): CrowdPage | undefined {
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
    this.#elsewhereMs = [];
    this.#done = 0;
    this.#refused = 0;
    this.#late = 0;
  }
}

function latency(ms: readonly number[]): { p50: number; p99: number } {
  return { p50: percentile(ms, 50), p99: percentile(ms, 99) };
}
