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
    endBySignal(app);
    return app;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

/** The first signal ends it; further ones change nothing while it drains. */
function endBySignal(app: App): void {
  let ending: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void (ending ??= end(app)));
}

async function end(app: App): Promise<void> {
  // A socket that never closes must not keep the process; everything acked is durable already.
  setTimeout(() => process.exit(0), FORCE_AFTER_MS).unref();
  try {
    await app.close();
    // The handlers of signals would keep the process.
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
  } catch (error) {
    process.stderr.write(
      `The hub could not end in order: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
