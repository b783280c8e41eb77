import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FuzzedPage, newTally } from '../fuzz/fuzzed-page.ts';
import { MemoryHub } from '../fuzz/memory-hub.ts';
import { frame, TEXT } from '../fuzz/ws-frames.ts';
import { PUBLISHABLE_KEY, site } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const TIMES = 1_000;
const CONNECT = `40${JSON.stringify({ site: PUBLISHABLE_KEY })}`;

/** Asks to be let in again and again before it has been answered once. */
class EagerPage extends FuzzedPage {
  override begin(wire: Parameters<FuzzedPage['begin']>[0]): void {
    const [again, ...others] = Array.from({ length: TIMES }, () => frame(TEXT, Buffer.from(CONNECT)));
    super.begin({
      send: (bytes) =>
        wire.send(bytes.includes(CONNECT) ? Buffer.concat([bytes, again ?? bytes, ...others]) : bytes),
      end: () => wire.end(),
    });
  }
}

it('whoever asks a thousand times at once to come in is let in once', async () => {
  const hub = await MemoryHub.open(await tempDir(), site());
  const tally = newTally();
  const page = new EagerPage(tally, CONNECT);
  hub.connect(page);
  while (!page.isReady && !page.isGone) await pause(5);
  await pause(100);
  expect(tally.welcomes).toBe(1);
  expect(tally.faults).toEqual([]);
  page.leave();
  await hub.close();
});
