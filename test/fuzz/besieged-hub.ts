import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { SqliteStore } from '../../server/store/sqlite-store.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { siteFile } from '../support/sample-site.ts';
import type { AtEnd } from '../support/temp-dir.ts';
import { fuzzedSite } from './fuzzed-site.ts';
import { GoodPage } from './good-page.ts';
import type { Grown } from './growth.ts';
import { letInnocentShop, recordOfInnocent } from './innocent.ts';
import { MemoryHub } from './memory-hub.ts';

const Told = z.object({ residentMb: z.number(), keptMb: z.number(), isPolluted: z.boolean() });
const GOOD_PAGES = 3;
const TOKENS = 40;
const TOLD_WITHIN_MS = 20_000;

/** A hub process that is sent what it does not expect, and pages that go on to be served by it meanwhile. */
export class BesiegedHub {
  readonly #hub: HubProcess;
  readonly #dir: string;
  readonly #before: string;
  readonly #pages: readonly GoodPage[];
  readonly tokens: readonly string[];
  #warm: z.infer<typeof Told> = { residentMb: 0, keptMb: 0, isPolluted: false };

  private constructor(hub: HubProcess, dir: string, before: string, tokens: readonly string[]) {
    this.#hub = hub;
    this.#dir = dir;
    this.#before = before;
    this.tokens = tokens;
    this.#pages = Array.from({ length: GOOD_PAGES }, () => new GoodPage(hub.url));
  }

  static async open(dir: string, atEnd: AtEnd): Promise<BesiegedHub> {
    const site = await siteFile(dir, fuzzedSite);
    const data = join(dir, 'data');
    const quiet = await MemoryHub.open(data, fuzzedSite);
    await letInnocentShop(quiet.engine);
    const before = await recordOfInnocent(quiet.store);
    await quiet.close();
    const witness = pathToFileURL(join(import.meta.dirname, 'hub-witness.mjs')).href;
    const env = { DATA_DIR: data, SITE_FILE: site, LIMITS: 'off', NODE_OPTIONS: `--import ${witness}` };
    const hub = await startHub(env, 'main', atEnd);
    return new BesiegedHub(hub, data, before, await GoodPage.tokens(hub.url, TOKENS));
  }

  get port(): number {
    return Number(new URL(this.#hub.url).port);
  }

  /** From here on nothing may be kept. */
  async isWarm(): Promise<void> {
    this.#warm = await this.#ask();
  }

  /** Ends the siege. `faults`: what should not have happened to the hub, to those whom it serves and to what it keeps. */
  async end(): Promise<Grown & { served: number; faults: string[] }> {
    const faults: string[] = [];
    await Promise.all(this.#pages.map((page) => page.stop()));
    for (const { served, complaints } of this.#pages) {
      if (served === 0) faults.push('a page that keeps to the rules was not served');
      faults.push(...complaints.slice(0, 3));
    }
    const { residentMb, keptMb, isPolluted } = await this.#ask();
    if (isPolluted) faults.push('the prototype of all objects has a new property');
    const code = await this.#hub.stop();
    if (code !== 0) faults.push(`the hub ended with ${code}`);
    faults.push(...this.#hub.log.filter((line) => /"level":[56]0|^Error|Unhandled/.test(line)).slice(0, 5));
    const store = await SqliteStore.open(this.#dir);
    const after = await recordOfInnocent(store);
    await store.close();
    if (after !== this.#before) faults.push(`an innocent shopper became ${after.slice(0, 500)}`);
    const served = this.#pages.reduce((sum, page) => sum + page.served, 0);
    const warm = this.#warm;
    const grown = { keptMb: keptMb - warm.keptMb, grownMb: residentMb - warm.residentMb };
    return { ...grown, served, faults };
  }

  async #ask(): Promise<z.infer<typeof Told>> {
    const heard = this.#hub.log.length;
    process.kill(this.#hub.pid, 'SIGUSR2');
    const until = performance.now() + TOLD_WITHIN_MS;
    while (performance.now() < until) {
      const line = this.#hub.log.slice(heard).find((one) => one.startsWith('WITNESS '));
      if (line !== undefined) return Told.parse(JSON.parse(line.slice('WITNESS '.length)));
      await pause(50);
    }
    throw new Error(`The hub does not answer: ${this.#hub.log.slice(-5).join(' | ')}`);
  }
}
