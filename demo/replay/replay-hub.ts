import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { SiteFile } from '../../shared/site.ts';

export interface ReplayHub {
  readonly url: string;
  readonly site: string;
  readonly secretKey: string;
  /** How long after the last event every cart has been decided upon. */
  readonly settledAfterMs: number;
  close(): Promise<void>;
}

const SECRET_KEY = 'sk_replay_only';
const ABANDON_AFTER_MS = 60 * 60_000;
const IDLE_AFTER_MS = 20 * 60_000;

/** A hub of its own in a temporary folder. Its waits are as much shorter as the replay is faster. */
export async function startReplayHub(port: number, speed: number): Promise<ReplayHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cartbell-replay-'));
  const abandonAfterMs = Math.max(2_000, Math.round(ABANDON_AFTER_MS / speed));
  const config = readConfig({
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    // All its shoppers come from this computer.
    SOCKETS_PER_ADDRESS: '100000',
  });
  const app = await startApp(config, { widgetDir: dataDir, site: replaySite(port, speed, abandonAfterMs) });
  return {
    url: app.url,
    site: 'pk_replay',
    secretKey: SECRET_KEY,
    settledAfterMs: abandonAfterMs + 1_000,
    async close() {
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function replaySite(port: number, speed: number, abandonAfterMs: number): SiteFile {
  return SiteFile.parse({
    id: 'replay',
    publishableKey: 'pk_replay',
    secretKey: SECRET_KEY,
    origins: [`http://127.0.0.1:${port}`],
    currency: 'USD',
    settings: { abandonAfter: `${abandonAfterMs}ms`, holdoutPercent: 0 },
    rules: [
      {
        id: 'idle-cart',
        status: 'published',
        on: 'cart_idle',
        after: `${Math.max(1_000, Math.round(IDLE_AFTER_MS / speed))}ms`,
        nudge: { kind: 'countdown', title: 'Still thinking it over?' },
        offer: { percentOff: 10, validFor: '15m' },
        limit: { times: 1, per: '1d' },
      },
    ],
  });
}
