import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used so far, user and system, all its threads; NaN where there is no /proc. */
export function cpuSeconds(pid: number): number {
  return cpuSecondsIn(statOf(pid));
}

/** The same, from what `/proc/PID/stat` says. */
export function cpuSecondsIn(stat: string): number {
  // The program's name comes first, in brackets, and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
