import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const BENCH_PROGRAMS = {
  'bare-server': 'test/bench/bare-server.ts',
  'load-generator': 'test/bench/load-generator.ts',
  abuser: 'test/bench/abuser.ts',
  'core-decisions': 'test/bench/core-decisions.ts',
  conditions: 'test/bench/conditions.ts',
  store: 'test/bench/store.ts',
  backtest: 'test/bench/backtest.ts',
  'backtest-thread': 'server/analytics/backtest/backtest-thread.ts',
  'sqlite-thread': 'server/store/sqlite-thread.ts',
} as const;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder for all that a run writes, on the repository's own disk; gone when the benchmark ends, however it ends. */
export class Workshop<Program extends string = keyof typeof BENCH_PROGRAMS> {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * The benchmark's own programs are compiled the way the hub is: run through tsx each closure costs more than it
   * does in the product, which made the core look a fifth slower than it is. Others name theirs, by file.
   */
  static async open(): Promise<Workshop>;
  static async open<Program extends string>(
    programs: Readonly<Record<Program, string>>,
  ): Promise<Workshop<Program>>;
  static async open(programs: Readonly<Record<string, string>> = BENCH_PROGRAMS): Promise<Workshop<string>> {
    const cache = join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    const dir = mkdtempSync(join(cache, 'bench-'));
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: true,
        target: 'node20',
        outDir: join(dir, 'programs'),
        rolldownOptions: {
          input: Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, join(root, file)])),
          output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    });
    return new Workshop(dir);
  }

  program(name: Program): string {
    return join(this.#dir, 'programs', `${name}.js`);
  }

  freshDir(): string {
    return mkdtempSync(join(this.#dir, 'data-'));
  }
}
