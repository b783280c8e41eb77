import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { Chance } from './chance.ts';
import { frameAt, openingOf } from './frames.ts';
import { addFault, FuzzedPage, newTally, type Tally } from './fuzzed-page.ts';
import { fuzzedSite } from './fuzzed-site.ts';
import { MemoryHub } from './memory-hub.ts';
import { Growth, type Grown } from './growth.ts';
import { INNOCENT, letInnocentShop, recordOfInnocent } from './innocent.ts';

const PAGES = 128;
/** Shoppers whom they pretend to be. */
const SHOPPERS = 200;
/** A hub has so many messages of one page under way at once. */
const MOST_UNANSWERED = 24;
/** Caches fill up to their bounds over the first 150,000 frames or so: resident memory levels off there. */
const LOOKS_AFTER = [0.6, 0.8];
const ANSWERED_WITHIN_MS = 10_000;
const TOLD_EVERY_MS = 5_000;
/** As many looks in a row at which no frame was sent. */
const MOST_QUIET = 6;

export interface RunResult extends Tally, Grown {
  readonly seconds: number;
}

/** Sends frames to a hub in this process, without a network between them. */
export async function runInMemory(
  dir: string,
  { seed, frames, say }: { seed: number; frames: number; say: (line: string) => void },
): Promise<RunResult> {
  const hub = await MemoryHub.open(dir, fuzzedSite);
  await letInnocentShop(hub.engine);
  const before = await recordOfInnocent(hub.store);
  const tally = newTally();
  const growth = new Growth();
  const startedAt = performance.now();
  const tokens = Array.from({ length: SHOPPERS }, () => hub.tokens.sign(INNOCENT.site, hub.tokens.mint()));
  const pages: FuzzedPage[] = [];
  let told = startedAt;
  let opened = 0;
  let lastTold = 0;
  let quiet = 0;

  const open = () => {
    const chance = new Chance(~seed, opened++);
    const page = new FuzzedPage(tally, openingOf(chance, tokens[chance.below(SHOPPERS)] ?? ''));
    hub.connect(page);
    return page;
  };

  while (tally.frames < frames) {
    for (let place = 0; place < PAGES && tally.frames < frames; place++) {
      let page = pages[place];
      if (!page || page.isGone) {
        page = open();
        pages[place] = page;
      }
      if (page.isSpent) page.leave();
      else if (page.isReady && page.unanswered < MOST_UNANSWERED)
        page.say(frameAt(new Chance(seed, tally.frames), tally.frames, page.nextAck), tally.frames);
    }
    await turn();
    if (tally.frames >= frames * (LOOKS_AFTER[growth.looks] ?? 2)) await growth.look();
    if (performance.now() - told < TOLD_EVERY_MS) continue;
    told = performance.now();
    // A hub that serves nobody any more is not waited for.
    quiet = tally.frames === lastTold ? quiet + 1 : 0;
    lastTold = tally.frames;
    if (quiet >= MOST_QUIET) {
      addFault(tally, `nothing moves after frame ${tally.frames}`);
      break;
    }
    say(`${tally.frames} frames, ${tally.faults.length} faults`);
  }

  await answered(pages);
  for (const page of pages) {
    for (const place of page.isGone ? [] : page.questions()) addFault(tally, `frame ${place}: no answer`);
    page.leave();
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await growth.look();
  for (const error of hub.errors) addFault(tally, error);
  const after = await recordOfInnocent(hub.store);
  if (after !== before) addFault(tally, `an innocent shopper became ${after.slice(0, 500)}`);
  if ('polluted' in {}) addFault(tally, 'the prototype of all objects has a new property');
  await hub.close();
  return { ...tally, seconds, ...growth.grown };
}

async function answered(pages: readonly FuzzedPage[]): Promise<void> {
  const until = performance.now() + ANSWERED_WITHIN_MS;
  while (pages.some((page) => !page.isGone && page.unanswered > 0) && performance.now() < until)
    await pause(10);
}
