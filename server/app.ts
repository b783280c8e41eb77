import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestHandler } from 'express';
import { type Logger, pino } from 'pino';
import { startFolds } from './analytics/log-folds.ts';
import { totalsFold } from './analytics/totals.ts';
import { type Config, StartError } from './config.ts';
import { startDueShoppers } from './engine/due-shoppers.ts';
import { Engine } from './engine/engine.ts';
import { secureSeeds } from './engine/seeds.ts';
import { SiteRegistry } from './engine/site-registry.ts';
import { routes } from './http/routes.ts';
import { OpenPages, startHub } from './hub/hub.ts';
import { Tokens } from './hub/token.ts';
import { PairModel } from './learning/pair-model.ts';
import type { SiteFile } from '../shared/site.ts';
import { readSiteFile, siteFileError } from './site-file.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';

export interface App {
  /** Where it listens, such as `http://127.0.0.1:4600`. */
  readonly url: string;
  /** Stops taking work in, lets what is under way finish, and lets go of everything. */
  close(): Promise<void>;
}

export interface Surroundings {
  /** Folder with the built widget. */
  readonly widgetDir: string;
  /** A shop to serve on the same port. */
  readonly shop?: RequestHandler;
  /** A site to import where the configuration names no file. */
  readonly site?: SiteFile;
  readonly clock?: () => number;
}

/** The one place where everything is put together. Rejects with a `StartError` for what the operator has to mend. */
export async function startApp(config: Config, surroundings: Surroundings): Promise<App> {
  const logger = pino({ level: config.logLevel });
  const store = await openStore(config.dataDir, surroundings.clock);
  try {
    return await assemble(config, surroundings, store, logger);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(
  config: Config,
  surroundings: Surroundings,
  store: Store,
  logger: Logger,
): Promise<App> {
  const pairs = new PairModel();
  const sites = await SiteRegistry.open(store, (site) => pairs.learned(site), logger);
  await importSite(config, surroundings, sites, logger);
  const tokens = new Tokens(await store.readSecret());
  const pages = new OpenPages();
  const engine = new Engine(store, sites, pages, secureSeeds());
  const folds = await startFolds(store, [totalsFold, pairs], logger);
  let draining = false;
  const { widgetDir, shop } = surroundings;
  const isDraining = () => draining;
  const http = createServer(
    routes({ store, engine, sites, tokens, folds, logger, widgetDir, isDraining, shop }),
  );
  const hub = startHub(http, { engine, sites, tokens, pages, epoch: store.epoch, logger });
  const due = startDueShoppers(store, engine, logger);
  const close = async () => {
    draining = true;
    await hub.close();
    await due.stop();
    await folds.stop();
    await store.close();
  };
  try {
    const url = await listen(http, config);
    logger.info({ url, sites: sites.size }, 'the hub is up');
    return { url, close };
  } catch (error) {
    await due.stop();
    await folds.stop();
    throw error;
  }
}

async function openStore(dir: string, clock?: () => number): Promise<Store> {
  try {
    return await SqliteStore.open(dir, clock);
  } catch (error) {
    throw new StartError(`DATA_DIR can’t be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function importSite(
  { siteFile }: Config,
  { site }: Surroundings,
  sites: SiteRegistry,
  logger: Logger,
): Promise<void> {
  const file = siteFile === null ? site : await readSiteFile(siteFile);
  const faults = file ? await sites.importFile(file) : [];
  if (faults.length > 0) throw siteFileError(siteFile ?? 'built in', faults);
  if (sites.size === 0) logger.warn('No site yet: name one with SITE_FILE');
}

function listen(http: Server, { port, host }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'something else listens there' : error.message;
      reject(new StartError(`PORT ${port} on HOST ${host} can’t be used: ${why}.`));
    });
    http.listen(port, host, () => {
      const { port: bound } = http.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}
