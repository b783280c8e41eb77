import type { Kind } from './deployment.ts';

/** So many nodes of one kind. */
export interface Configuration {
  readonly kind: Kind;
  readonly nodes: number;
}

const ADAPTERS = { classic: 'bare, classic adapter', sharded: 'bare, sharded-dynamic adapter' } as const;

export function nameOf({ kind, nodes }: Configuration): string {
  switch (kind) {
    case 'bare':
      return 'bare Socket.IO';
    case 'embedded':
      return 'Cartbell, embedded';
    case 'redis':
      return `Cartbell, Redis, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
    case 'classic':
    case 'sharded':
      return `${ADAPTERS[kind]}, ${nodes} nodes`;
  }
}
