import type { RedisKeys } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { SCRIPTS } from './redis-scripts.ts';
import { type FoldSteps, type FoldSums, LOG_START, type LogPlace } from './store.ts';

/** Steps that are kept for hubs that keep along: some seconds' worth under full load. */
const MOST_STEPS = 256;
const STEPS_AT_ONCE = 8;
const KEYS_AT_ONCE = 500;

type Step = readonly [id: string, fields: readonly string[]];

/** What is summed up of the log, and by which steps it came to be: a hub that does not read the log reads those. */
export class RedisFolds {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  /** The step that led to a place, where this process knows it: those after it need no looking for. */
  readonly #known = new Map<string, { readonly place: LogPlace; readonly id: string }>();

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async read(name: string): Promise<FoldSums> {
    const { sums, place, steps } = this.#keys.fold(name);
    const [stood, found, [, last]] = (await this.#link.ask((client) =>
      client.multi().get(place).hgetall(sums).xrevrange(steps, '+', '-', 'COUNT', 1).exec(),
    )) as [[null, string | null], [null, Record<string, string>], [null, Step[]]];
    const totals = Object.entries(found[1]).map(([key, total]) => [key, Number(total)] as const);
    const at = stood[1] ?? LOG_START;
    if (last[0]) this.#known.set(name, { place: at, id: last[0][0] });
    return { place: at, sums: new Map(totals) };
  }

  async readPlace(name: string): Promise<LogPlace> {
    return (await this.#link.ask((client) => client.get(this.#keys.fold(name).place))) ?? LOG_START;
  }

  async readSteps(name: string, after: LogPlace): Promise<FoldSteps | null> {
    const known = this.#known.get(name);
    const { place, steps: key } = this.#keys.fold(name);
    const start = known?.place === after ? `(${known.id}` : '-';
    const [stood, found] = (await this.#link.ask((client) =>
      client.multi().get(place).xrange(key, start, '+', 'COUNT', STEPS_AT_ONCE).exec(),
    )) as [[null, string | null], [null, Step[]]];
    if ((stood[1] ?? LOG_START) === after) return { place: after, changes: [] };
    const steps = found[1].map(([id, fields]) => ({
      id,
      from: fields[1],
      to: fields[3],
      changes: fields[5],
    }));
    const first = steps.findIndex(({ from }) => from === after);
    const last = steps.at(-1);
    // Too many were made since, or a server took over that did not have them.
    if (first < 0 || last?.to === undefined) return null;
    this.#known.set(name, { place: last.to, id: last.id });
    return { place: last.to, changes: steps.slice(first).flatMap(({ changes }) => changesIn(changes)) };
  }

  async advance(
    name: string,
    from: LogPlace,
    to: LogPlace,
    changes: ReadonlyMap<string, number>,
    isFollowed: boolean,
  ): Promise<boolean> {
    if (from === LOG_START) await this.#link.ask((client) => client.sadd(this.#keys.folds, name));
    const { place, sums, steps } = this.#keys.fold(name);
    const args = [from, to, JSON.stringify([...changes].flat()), isFollowed ? MOST_STEPS : 0];
    const id = (await this.#link.run(SCRIPTS.advanceFold, [place, sums, steps], args)) as string | null;
    if (id === null) return false;
    if (isFollowed) this.#known.set(name, { place: to, id });
    return true;
  }

  /** A few at a time: the server does nothing else meanwhile. */
  async forget(name: string, before: string): Promise<void> {
    const { sums } = this.#keys.fold(name);
    let cursor = '0';
    do {
      const [next, page] = await this.#link.ask((client) =>
        client.hscan(sums, cursor, 'COUNT', KEYS_AT_ONCE),
      );
      const old = page.filter((key, index) => index % 2 === 0 && key < before);
      if (old.length > 0) await this.#link.ask((client) => client.hdel(sums, ...old));
      cursor = next;
    } while (cursor !== '0');
  }
}

function changesIn(text = '[]'): (readonly [string, number])[] {
  const flat = JSON.parse(text) as (string | number)[];
  const changes: (readonly [string, number])[] = [];
  for (let index = 0; index < flat.length; index += 2)
    changes.push([String(flat[index]), Number(flat[index + 1])]);
  return changes;
}
