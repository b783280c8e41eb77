import type { ClusterNode, RedisOptions } from 'ioredis';

type ServerOptions = Omit<RedisOptions, 'replyMapping'>;

/** Where Redis is, by the form of its address. */
export type RedisPlace =
  | { readonly kind: 'single'; readonly options: ServerOptions }
  | { readonly kind: 'cluster'; readonly nodes: readonly ClusterNode[]; readonly options: ServerOptions }
  | { readonly kind: 'sentinel'; readonly options: ServerOptions };

const FORMS =
  'redis://host:port, rediss://host:port, redis+unix:///path, redis+cluster://host:port,host:port or redis+sentinel://host:port,host:port/name';
const DEFAULT_PORT = 6379;
const SENTINEL_PORT = 26_379;

/**
 * Reads `REDIS_URL`. User and password go before the hosts (`redis://user:password@host`); `rediss+cluster` and
 * `rediss+sentinel` speak TLS. Throws an `Error` whose message names the forms that there are.
 */
export function readRedisUrl(text: string): RedisPlace {
  const [, scheme = '', user, password, hosts = '', path = ''] =
    /^(rediss?(?:\+\w+)?):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#]*)(\/[^?#]*)?$/.exec(text) ?? [];
  const options: ServerOptions = {
    ...(user ? { username: decodeURIComponent(user) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(scheme.startsWith('rediss') ? { tls: {} } : {}),
  };
  switch (scheme) {
    case 'redis':
    case 'rediss': {
      const [node] = nodesOf(hosts, DEFAULT_PORT);
      const db = /^\/?(\d*)$/.exec(path)?.[1];
      if (!node || hosts.includes(',') || db === undefined) break;
      return { kind: 'single', options: { ...options, ...node, db: Number(db) } };
    }
    case 'redis+unix':
      if (hosts !== '' || path.length < 2) break;
      return { kind: 'single', options: { ...options, path } };
    case 'redis+cluster':
    case 'rediss+cluster': {
      const nodes = nodesOf(hosts, DEFAULT_PORT);
      if (nodes.length === 0 || path.length > 1) break;
      return { kind: 'cluster', nodes, options };
    }
    case 'redis+sentinel':
    case 'rediss+sentinel': {
      const sentinels = nodesOf(hosts, SENTINEL_PORT);
      const name = path.slice(1);
      if (sentinels.length === 0 || name === '') break;
      return { kind: 'sentinel', options: { ...options, sentinels, name } };
    }
    default:
  }
  throw new Error(`It has to be of the form ${FORMS}.`);
}

export function isRedisUrl(text: string): boolean {
  try {
    readRedisUrl(text);
    return true;
  } catch {
    return false;
  }
}

function nodesOf(hosts: string, defaultPort: number): { host: string; port: number }[] {
  const nodes = hosts.split(',').flatMap((part) => {
    const [, host, port] = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(part) ?? [];
    return host === undefined
      ? []
      : [{ host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? defaultPort) }];
  });
  return nodes.length === hosts.split(',').length ? nodes : [];
}
