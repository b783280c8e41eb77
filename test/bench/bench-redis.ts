import { spawnSync } from 'node:child_process';
import { RedisServer } from '../support/rig/redis-server.ts';
import { PIN_COMMAND } from './machine.ts';
import { LOAD_CORE } from './servers.ts';

/** A Redis on the load generator's core, so that what is measured on the other one is the hub alone. */
export class BenchRedis {
  readonly url: string;
  readonly #ends: (() => Promise<void>)[];

  private constructor(url: string, ends: (() => Promise<void>)[]) {
    this.url = url;
    this.#ends = ends;
  }

  static async start(pins: boolean): Promise<BenchRedis> {
    const ends: (() => Promise<void>)[] = [];
    const server = await RedisServer.start({ aof: 'everysec', atEnd: (end) => void ends.push(end) });
    const pid = await server.info('process_id');
    if (pins && pid !== undefined) spawnSync(PIN_COMMAND, ['-a', '-cp', String(LOAD_CORE), pid]);
    return new BenchRedis(server.url, ends);
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
  }
}
