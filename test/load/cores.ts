export interface Cores {
  /** Of the hubs, in turns; for bare servers as well. */
  readonly servers: readonly number[];
  readonly redis: number;
  readonly load: number;
}

/**
 * Which core does what. With two, all servers share one: more nodes can't do more events there, but what an event costs is
 * the same as elsewhere.
 */
export function shareCores(count: number): Cores {
  const load = Math.max(0, count - 1);
  const redis = Math.max(0, count === 2 ? 1 : count - 2);
  const servers = Array.from({ length: Math.max(1, count - 2) }, (_, core) => core);
  return { servers, redis, load };
}

/**
 * Where nodes push to each other: two that share one core would wait for each other, as no two computers do. With two cores
 * every second node is beside Redis and the load, which leave most of theirs free at that pace.
 */
export function spreadNodes(cores: Cores): Cores {
  return cores.servers.length > 1 ? cores : { ...cores, servers: [...cores.servers, cores.load] };
}

export function coreLine({ servers, redis, load }: Cores): string {
  const names = servers.length === 1 ? `core ${servers[0]}` : `cores ${servers[0]}-${servers.at(-1)}`;
  return redis === load
    ? `All servers on ${names}, Redis and the load on core ${load} (for pushes every second server, too), loopback.`
    : `Servers on ${names}, Redis on core ${redis}, the load on core ${load}, loopback.`;
}
