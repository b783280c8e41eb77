import { type App, type Surroundings, startApp } from './app.ts';
import { type Config, readConfig, StartError } from './config.ts';

/** Beyond the time in which pages are sent elsewhere. */
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
    const config = adjust(readConfig(process.env));
    const app = await startApp(config, surroundings);
    endBySignal(app, config.drainMs);
    return app;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
}

/** The first signal ends it; further ones change nothing while it drains. */
function endBySignal(app: App, drainMs: number): void {
  let ending: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void (ending ??= end(app, drainMs)));
}

async function end(app: App, drainMs: number): Promise<void> {
  // A socket that never closes must not keep the process; everything acked is durable already.
  setTimeout(() => process.exit(0), drainMs + FORCE_AFTER_MS).unref();
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
