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
  let keptMb = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 6; look++) {
    collect();
    await pause(200);
    const { rss, heapUsed, external } = process.memoryUsage();
    residentMb = Math.min(residentMb, rss / 1e6);
    keptMb = Math.min(keptMb, (heapUsed + external) / 1e6);
  }
  process.stderr.write(`WITNESS ${JSON.stringify({ residentMb, keptMb, isPolluted: 'polluted' in {} })}\n`);
}
