import { type App, type Surroundings, startApp } from './app.ts';
import { type Config, readConfig, StartError } from './config.ts';

const FORCE_AFTER_MS = 10_000;

/**
 * Runs a hub until the process is told to end. What the operator has to mend is one line on standard error and exit
 * code 1.
 */
export async function run(
  surroundings: Surroundings,
  adjust: (config: Config) => Config = (config) => config,
): Promise<App | null> {
  try {
    const app = await startApp(adjust(readConfig(process.env)), surroundings);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(app));
    return app;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

async function end(app: App): Promise<void> {
  // A socket that never closes must not keep the process; everything acked is durable already.
  setTimeout(() => process.exit(0), FORCE_AFTER_MS).unref();
  await app.close();
}
