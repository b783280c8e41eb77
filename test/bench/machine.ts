import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly loadAtStart: number;
  /** Whether processes can be kept to one core each. */
  readonly pins: boolean;
}

/** The command that keeps a process to one core; part of util-linux. */
export const PIN_COMMAND = 'taskset';

const IDLE_LOAD = 0.5;

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    node: process.version,
    loadAtStart: loadavg()[0] ?? Number.NaN,
    pins: cores.length > 1 && spawnSync(PIN_COMMAND, ['-V']).status === 0,
  };
}

export function machineLines({ cpu, cores, node, loadAtStart, pins }: Machine): string[] {
  const lines = [`${cpu}, ${cores} cores, node ${node}, load average at start ${loadAtStart.toFixed(2)}`];
  if (loadAtStart > IDLE_LOAD)
    lines.push('The machine was not idle: take the ratios, not the absolute figures.');
  lines.push(
    pins
      ? 'Server on core 0, load generator on core 1, loopback.'
      : 'Nothing is pinned to a core: no taskset here, or one core only. Figures of both sides disturb each other.',
  );
  return lines;
}
