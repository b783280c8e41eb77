import { fileURLToPath } from 'node:url';
import type { LoadOrder, Measured } from './load-orders.ts';
import { PinnedProcess } from './pinned-process.ts';
import type { Workshop } from './workshop.ts';

/** Whose server it is. */
export const SIDES = ['cartbell', 'bare'] as const;
export type Side = (typeof SIDES)[number];

const SERVER_CORE = 0;
export const LOAD_CORE = 1;
/** Pages that are open at a time. */
export const PAGES = 800;
const hubProgram = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

export function startGenerator(workshop: Workshop, pins: boolean): PinnedProcess {
  return new PinnedProcess(LOAD_CORE, workshop.program('load-generator'), {}, pins);
}

export async function tell(generator: PinnedProcess, order: LoadOrder): Promise<Measured> {
  return (await generator.ask(order)) as Measured;
}

/** Opens the pages on a server, measures, and ends it. */
export async function withServer<T>(
  server: PinnedProcess,
  generator: PinnedProcess,
  measure: (serverPid: number) => Promise<T>,
): Promise<T> {
  const url = await server.line(/"url":"(http:[^"]+)"/);
  await tell(generator, { do: 'connect', url, pages: PAGES });
  const measured = await measure(server.pid);
  await tell(generator, { do: 'leave' });
  await server.stop();
  return measured;
}

/** A fresh one, with an empty folder and a site of its own. */
export function startServer(
  side: Side,
  workshop: Workshop,
  pins: boolean,
  writeSite: (dir: string) => string,
  more: Readonly<Record<string, string>> = {},
): PinnedProcess {
  if (side === 'bare') return new PinnedProcess(SERVER_CORE, workshop.program('bare-server'), {}, pins);
  const dir = workshop.freshDir();
  const env = {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dir,
    SITE_FILE: writeSite(dir),
    LOG_LEVEL: 'info',
    SOCKETS_PER_ADDRESS: '100000',
    ...more,
  };
  return new PinnedProcess(SERVER_CORE, hubProgram, env, pins);
}
