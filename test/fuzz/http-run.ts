import { httpFault } from './answers.ts';
import type { AtEnd } from '../support/temp-dir.ts';
import { BesiegedHub } from './besieged-hub.ts';
import { Chance } from './chance.ts';
import type { Grown } from './growth.ts';
import { HttpClient } from './http-client.ts';
import { hubRoutes } from './hub-routes.ts';
import type { RunOrder } from './memory-process.ts';
import { requestAt } from './requests.ts';

/** Some answers wait for the next second. */
const CLIENTS = 64;
const WARM_AFTER = 0.4;
const MOST_FAULTS = 20;
const TOLD_EVERY_MS = 5_000;

export interface HttpResult extends Grown {
  readonly requests: number;
  /** How often each status came; 0: the connection was closed without one. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly served: number;
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** Requests to every address of a hub process, most of them wrong. */
export async function runOverHttp(
  dir: string,
  { seed, frames: most, say }: RunOrder,
  atEnd: AtEnd,
): Promise<HttpResult> {
  const routes = hubRoutes();
  const hub = await BesiegedHub.open(dir, atEnd);
  const faults: string[] = [];
  const statuses: Record<number, number> = {};
  const startedAt = performance.now();
  let next = 0;
  const warm: { up: Promise<void> | null } = { up: null };

  const play = async () => {
    const client = new HttpClient(hub.port);
    while (next < most) {
      const place = next++;
      if (place >= most * WARM_AFTER) warm.up ??= hub.isWarm();
      const chance = new Chance(seed, place);
      const request = requestAt(
        chance,
        routes,
        place,
        chance.one([hub.tokens[0] ?? '', 'cb1.no.token'] as const),
      );
      try {
        const answer = await client.ask(request);
        const status = answer?.status ?? 0;
        statuses[status] = (statuses[status] ?? 0) + 1;
        const fault = answer ? httpFault(answer) : null;
        if (fault !== null)
          note(place, `${fault}: ${answer?.status} ${answer?.body.slice(0, 300)}`, request.bytes);
      } catch (error) {
        note(place, error instanceof Error ? error.message : String(error), request.bytes);
      }
    }
    client.close();
  };
  const note = (place: number, what: string, bytes: Buffer) => {
    if (faults.length < MOST_FAULTS)
      faults.push(`request ${place}: ${what} to ${bytes.subarray(0, 500).toString('latin1')}`);
  };

  const watch = setInterval(() => say(`${next} requests, ${faults.length} faults`), TOLD_EVERY_MS);
  await Promise.all(Array.from({ length: CLIENTS }, play));
  clearInterval(watch);
  await warm.up;
  const seconds = (performance.now() - startedAt) / 1_000;
  const { served, faults: more, ...grown } = await hub.end();
  return { requests: most, statuses, served, faults: [...faults, ...more], seconds, ...grown };
}
