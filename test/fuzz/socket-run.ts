import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { AtEnd } from '../support/temp-dir.ts';
import { BesiegedHub } from './besieged-hub.ts';
import { Chance } from './chance.ts';
import { frameAt, openingOf } from './frames.ts';
import { addFault, FuzzedPage, newTally } from './fuzzed-page.ts';
import type { RunOrder } from './memory-process.ts';
import type { RunResult } from './memory-run.ts';

const PAGES = 64;
const MOST_UNANSWERED = 16;
const WARM_AFTER = 0.4;
const ANSWERED_WITHIN_MS = 10_000;
const TOLD_EVERY_MS = 5_000;
/** Frames in one go, before the hub's answers are looked at. */
const BURST = 4;
/** A connection on which nothing has happened for so long is of no use. */
const GONE_WITHIN_MS = 8_000;

/** The same frames by real connections to a hub process, which serves others meanwhile. */
export async function runOverSockets(
  dir: string,
  { seed, frames, say }: RunOrder,
  atEnd: AtEnd,
): Promise<RunResult & { served: number }> {
  const hub = await BesiegedHub.open(dir, atEnd);
  const tally = newTally();
  const startedAt = performance.now();
  let isWarm = false;
  let opened = 0;

  const open = () => {
    const chance = new Chance(~seed, opened++);
    const token = hub.tokens[chance.below(hub.tokens.length)] ?? '';
    const page = new FuzzedPage(tally, openingOf(chance, token));
    const socket = connect(hub.port, '127.0.0.1', () =>
      // What was sent last is still read.
      page.begin({
        send: (bytes) => void (socket.writable && socket.write(bytes)),
        end: () => void socket.end(),
      }),
    );
    socket.setNoDelay(true);
    socket.setTimeout(GONE_WITHIN_MS, () => void socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => page.hear(chunk));
    socket.on('close', () => page.lost());
    return page;
  };

  const play = async () => {
    let page = open();
    while (tally.frames < frames) {
      if (page.isSpent) page.leave();
      if (page.isGone) page = open();
      for (let sent = 0; sent < BURST; sent++) {
        if (page.isGone || !page.isReady || page.isSpent || page.unanswered >= MOST_UNANSWERED) break;
        const place = tally.frames;
        page.say(frameAt(new Chance(seed, place), place, page.nextAck), place);
      }
      await pause(page.isReady ? 0 : 1);
    }
    const until = performance.now() + ANSWERED_WITHIN_MS;
    while (!page.isGone && page.unanswered > 0 && performance.now() < until) await pause(10);
    for (const place of page.isGone ? [] : page.questions()) addFault(tally, `frame ${place}: no answer`);
    page.leave();
  };

  const watch = setInterval(
    () => say(`${tally.frames} frames, ${tally.faults.length} faults`),
    TOLD_EVERY_MS,
  );
  const warm = setInterval(() => {
    if (isWarm || tally.frames < frames * WARM_AFTER) return;
    isWarm = true;
    hub.isWarm().catch((error: unknown) => addFault(tally, String(error)));
  }, 50);
  await Promise.all(Array.from({ length: PAGES }, play));
  clearInterval(watch);
  clearInterval(warm);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { served, faults, ...grown } = await hub.end();
  for (const fault of faults) addFault(tally, fault);
  return { ...tally, ...grown, seconds, served };
}
