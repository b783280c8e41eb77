import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Totals } from '../../server/analytics/totals.ts';
import { hubApi } from '../hub-api.ts';
import { playLog } from './player.ts';
import { progressBar } from './progress-bar.ts';
import { startReplayHub } from './replay-hub.ts';
import { reportOn } from './report.ts';
import { type LoggedEvent, readShopLog } from './shop-log.ts';

const USAGE =
  'npm run replay -- FILE [--speed N]   plays a csv of REES46 or YooChoose; without --speed it takes about 40 s';
const LASTS_MS = 40_000;

/** Plays a real shop's log through real sockets, then says what the hub holds. Exit code 1 when the two disagree. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { speed: { type: 'string' } },
  });
  const [file] = positionals;
  const speed = values.speed === undefined ? null : Number(values.speed);
  if (file === undefined || (speed !== null && !(speed > 0))) throw new Error(USAGE);
  const events = await readShopLog(file);
  const chosen = speed ?? Math.max(1, Math.round(spanOf(events) / LASTS_MS));
  const hub = await startReplayHub(await freePort(), chosen);
  try {
    process.stdout.write(`Replaying ${events.length} events at ${chosen} times their speed to ${hub.url}\n`);
    const played = await playLog(
      events,
      { hub: hub.url, site: hub.site, speed: chosen },
      progressBar(events.length, process.stdout),
    );
    await wait(hub.settledAfterMs);
    const totals = (await hubApi(hub.url, hub.secretKey).get('/v1/metrics')) as Totals;
    const { text, agrees } = reportOn(events, played, totals);
    process.stdout.write(`${text}\n`);
    if (!agrees) process.exitCode = 1;
  } finally {
    await hub.close();
  }
}

function spanOf(events: readonly LoggedEvent[]): number {
  return (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0);
}

/** The site's origin names its port, so the port is chosen before the hub starts. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
