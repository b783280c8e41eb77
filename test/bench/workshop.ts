import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const PROGRAMS = [
  'bare-server',
  'load-generator',
  'core-decisions',
  'conditions',
  'store',
  'backtest',
] as const;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder for all that a run writes, on the repository's own disk; gone when the benchmark ends, however it ends. */
export class Workshop {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * The benchmark's own programs are compiled the way the hub is: run through tsx each closure costs more than it
   * does in the product, which made the core look a fifth slower than it is.
   */
  static async open(): Promise<Workshop> {
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
          input: {
            ...Object.fromEntries(PROGRAMS.map((name) => [name, join(root, `test/bench/${name}.ts`)])),
            'backtest-thread': join(root, 'server/analytics/backtest/backtest-thread.ts'),
            'sqlite-thread': join(root, 'server/store/sqlite-thread.ts'),
          },
          output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    });
    return new Workshop(dir);
  }

  program(name: (typeof PROGRAMS)[number]): string {
    return join(this.#dir, 'programs', `${name}.js`);
  }

  freshDir(): string {
    return mkdtempSync(join(this.#dir, 'data-'));
  }
}
