import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Part of util-linux. */
const RAISE_COMMAND = 'prlimit';
/** Beyond a file for each socket: what a server opens anyway. */
const BESIDES = 500;

/** The most files that a process may open, by what `/proc/PID/limits` says; node raises the soft limit up to it by itself. */
export function hardFileLimit(limits: string): number {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(limits) ?? [];
  if (hard === undefined) return Number.NaN;
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}

/** How many sockets each process may have, and what to say where it is fewer than wanted. */
export interface SocketRoom {
  readonly sockets: number;
  readonly note: string | null;
}

/** Makes room for so many sockets in the processes that this one starts, where the system allows it. */
export function makeSocketRoom(wanted: number): SocketRoom {
  const needed = wanted + BESIDES;
  if (ownLimit() < needed)
    spawnSync(RAISE_COMMAND, ['--pid', String(process.pid), `--nofile=${needed}:${needed}`]);
  return roomOf(wanted, ownLimit());
}

export function roomOf(wanted: number, limit: number): SocketRoom {
  if (Number.isNaN(limit) || limit >= wanted + BESIDES) return { sockets: wanted, note: null };
  const sockets = Math.max(0, limit - BESIDES);
  return {
    sockets,
    note: `A process may open ${limit} files here and this could not be raised: ${sockets} sockets instead of ${wanted}. As root, or after "ulimit -n ${wanted + BESIDES}", it is as it should be.`,
  };
}

function ownLimit(): number {
  try {
    return hardFileLimit(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return Number.NaN;
  }
}
