import type { RegisterEntry, Registers } from '../../../server/store/registers.ts';

/** Registers on a disk in memory. */
export function memoryRegisters(kept: Map<string, RegisterEntry>, now: () => number): Registers {
  const find = (name: string) => {
    const entry = kept.get(name);
    return entry && (entry.expiresAt === null || entry.expiresAt > now()) ? entry : null;
  };
  return {
    read: (register, id) => Promise.resolve(find(`${register}\n${id}`)),
    list: (register, after, limit) => {
      const names = [...kept.keys()].filter((name) => name.startsWith(`${register}\n`)).sort();
      const found = names.flatMap((name) => find(name) ?? []).filter(({ id }) => id > after);
      return Promise.resolve(found.slice(0, limit));
    },
    write: (register, { text, ...entry }) => {
      const name = `${register}\n${entry.id}`;
      if ((find(name)?.version ?? 0) !== entry.version - 1) return Promise.resolve(false);
      if (text === null) kept.delete(name);
      else kept.set(name, { ...entry, text });
      return Promise.resolve(true);
    },
  };
}
