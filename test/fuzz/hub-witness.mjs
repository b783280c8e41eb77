// Loaded into a hub before its own code. Plain JavaScript: the hub that is built reads no TypeScript.
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Asked by this signal it tells what it has kept, once everything that can go has gone. */
process.on('SIGUSR2', () => void tell());

async function tell() {
  let residentMb = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 6; look++) {
    collect();
    await pause(200);
    residentMb = Math.min(residentMb, process.memoryUsage.rss() / 1e6);
  }
  const heapMb = process.memoryUsage().heapUsed / 1e6;
  process.stderr.write(`WITNESS ${JSON.stringify({ residentMb, heapMb, isPolluted: 'polluted' in {} })}\n`);
}
