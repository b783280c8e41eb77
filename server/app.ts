import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { Accounts } from './accounts/accounts.ts';
import { Audit } from './accounts/audit.ts';
import { Passwords } from './accounts/passwords.ts';
import { People } from './accounts/people.ts';
import { Sessions } from './accounts/sessions.ts';
import { SignIn } from './accounts/sign-in.ts';
import { CaptureHours } from './analytics/capture-health/capture-hours.ts';
import { startFolds } from './analytics/log-folds.ts';
import { totalsFold } from './analytics/totals.ts';
import { type Config, StartError } from './config.ts';
import { startDueShoppers } from './engine/due-shoppers.ts';
import { Contacts } from './engine/contacts.ts';
import { Engine } from './engine/engine.ts';
import { Retention } from './engine/retention.ts';
import { RecoveryLinks } from './engine/recovery-links.ts';
import { SealedTexts } from './engine/sealed-text.ts';
import { secureSeeds } from './engine/seeds.ts';
import { SiteRegistry } from './engine/site-registry.ts';
import { PATIENCE } from './http/patience.ts';
import { httpApp } from './http/routes.ts';
import { AllPages } from './hub/all-pages.ts';
import { Bearers } from './hub/bearers.ts';
import { Canary } from './hub/canary.ts';
import { type Hub, startHub } from './hub/hub.ts';
import { Intake } from './hub/intake.ts';
import { MissedNews } from './hub/missed-news.ts';
import { OpenPages } from './hub/open-pages.ts';
import { Presence } from './hub/presence.ts';
import { AddressMarks } from './limits/address-marks.ts';
import { Addresses } from './limits/addresses.ts';
import { type Attempts, createAttempts, openAttempts } from './limits/attempts.ts';
import { SiteBudgets } from './limits/site-budgets.ts';
import { noteUntoldProxy } from './limits/untold-proxy.ts';
import { RedisRelay } from './hub/redis-relay.ts';
import { noRelay, type Relay, type Relayed } from './hub/relay.ts';
import { Tokens } from './hub/token.ts';
import { LoopLag } from './loop-lag.ts';
import { NodeWatch } from './node-watch.ts';
import { PairModel } from './learning/pair-model.ts';
import type { SiteId } from '../shared/ids.ts';
import type { SiteFile } from '../shared/site.ts';
import { readSiteFile, siteFileError } from './site-file.ts';
import { RedisStore } from './store/redis-store.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import type { ShopperKey, Store } from './store/store.ts';
import { ANYWHERE, PUBLIC } from './webhooks/reach.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import { createLogger } from './telemetry/logger.ts';
import { NodeTelemetry } from './telemetry/node-telemetry.ts';
import { exposeReadings } from './telemetry/readings.ts';

const UNREADY_FIRST_MS = 2_000;
/**
 * Connections that the system holds until the hub gets to them, as far as it allows: all pages of a hub that was restarted come back
 * at once, and one that finds no room is left to try again by itself, seconds later.
 */
const MOST_KNOCKING = 4_096;

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
  const logger = createLogger(config.logLevel);
  const store = await openStore(config, logger, surroundings.clock);
  try {
    return await launch(config, await assemble(config, surroundings, store, logger), store, logger);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** What has to run, and what has to be let go of, once everything is put together. */
interface Assembled {
  readonly http: Server;
  readonly hub: Hub;
  readonly watch: NodeWatch;
  readonly canary: Canary;
  readonly due: { stop(): Promise<void> };
  readonly sites: SiteRegistry;
  readonly state: { draining: boolean };
  /** Lets go of all but the store. */
  release(): Promise<void>;
}

async function assemble(
  config: Config,
  surroundings: Surroundings,
  store: Store,
  logger: Logger,
): Promise<Assembled> {
  const pairs = new PairModel();
  const captureHours = new CaptureHours();
  const sites = await SiteRegistry.open(store, (site) => pairs.learned(site), logger);
  await importSite(config, surroundings, sites, logger);
  const secret = await store.readSecret();
  const tokens = new Tokens(secret);
  const lag = new LoopLag();
  const telemetry = new NodeTelemetry(logger.child({ node: store.node }));
  const pages = new OpenPages(telemetry);
  const presence = new Presence(store, pages);
  const missed = new MissedNews(store, pages, presence, logger);
  const receive = (message: Relayed) => canary.hears(message) || pages.hear(message);
  const relay = openRelay(config, store, { receive, presence, missed }, logger);
  const toSelf = (message: Relayed) =>
    relay === noRelay ? receive(message) : relay.send(store.node, message, () => undefined);
  const canary = new Canary({ store, telemetry, logger, send: toSelf });
  const allPages = new AllPages(pages, relay, store);
  const edge = openEdge(config, sites, store, secret, logger);
  const gate = { tally: (site: SiteId, from: string) => edge.attempts.tally('offer', `${site} ${from}`) };
  const webhooks = await startWebhooks(config, store, logger);
  const forget = (key: ShopperKey) => webhooks.forgetShopper(key);
  const around = { pages: allPages, telemetry, gate, forget };
  const engine = new Engine({ store, sites, seed: secureSeeds(), ...around });
  const folds = await startFolds(store, [totalsFold, pairs, captureHours], logger);
  const state = { draining: false };
  const { widgetDir, shop } = surroundings;
  const faults = () => (state.draining ? ['This hub is about to end.'] : watch.faults());
  const intake = new Intake(lag);
  const access = openAccess(config, store, edge.attempts, secret, logger);
  const bearers = new Bearers({ engine, sites, tokens });
  const contacts = new Contacts(new SealedTexts(secret));
  const links = new RecoveryLinks(secret);
  const heart = { store, engine, sites, tokens, bearers, contacts, links };
  const shown = { folds, captureHours, webhooks, metrics: telemetry, widgetDir, faults, shop };
  const http = createServer(PATIENCE, httpApp({ ...heart, ...edge, ...access, ...shown, logger }));
  noteUntoldProxy(http, config.trustProxy, logger);
  const epoch = () => store.epoch;
  const hub = startHub(http, { ...heart, ...edge, pages, presence, intake, canary, epoch, logger });
  const erase = (key: ShopperKey) => engine.erase(key);
  const retention = new Retention({ store, sites, logger, erase });
  retention.start();
  const due = startDueShoppers(store, engine, logger, telemetry);
  const shed = () => void (config.redisUrl !== null && hub.move(config.drainMs));
  const here = { pages, presence, missed, relay, canary };
  const watch = new NodeWatch({ ...heart, ...here, lag, logger, shed });
  exposeReadings(telemetry, { ...heart, ...here, ...edge, intake, folds, lag, watch, webhooks, faults });
  const release = async () => {
    await canary.stop();
    await watch.stop();
    await due.stop();
    await retention.stop();
    await webhooks.stop();
    await folds.stop();
    missed.close();
    presence.close();
    lag.close();
    await relay.close();
  };
  return { http, hub, watch, canary, due, sites, state, release };
}

async function launch(
  config: Config,
  { http, hub, watch, canary, due, sites, state, release }: Assembled,
  store: Store,
  logger: Logger,
): Promise<App> {
  try {
    await watch.start();
    const url = await listen(http, config);
    canary.start(url);
    logger.info({ url, sites: sites.size, node: store.node }, 'the hub is up');
    return {
      url,
      async close() {
        state.draining = true;
        await Promise.all([due.stop(), canary.stop()]);
        // Who balances the load needs a moment to see that this hub is not ready: pages would come right back.
        await pause(Math.min(UNREADY_FIRST_MS, config.drainMs));
        await hub.move(config.drainMs);
        await hub.close();
        await release();
        await store.close();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function startWebhooks({ webhooksToPrivate }: Config, store: Store, logger: Logger): Promise<Webhooks> {
  if (webhooksToPrivate) logger.warn('webhooks may go to any address, also of the network inside');
  const outbound = { reach: webhooksToPrivate ? ANYWHERE : PUBLIC };
  const webhooks = new Webhooks({ store, logger, secret: await store.readSecret(), outbound });
  webhooks.start();
  return webhooks;
}

/** How much is listened to, of whom. */
function openEdge(config: Config, sites: SiteRegistry, store: Store, secret: Uint8Array, logger: Logger) {
  const { socketsPerAddress, trustProxy, isLimited } = config;
  if (!isLimited) logger.warn('nobody is asked to wait, however much they ask: LIMITS is off');
  const counts = store instanceof RedisStore ? store.forLimits() : null;
  return {
    isLimited,
    trustProxy,
    marks: new AddressMarks(secret),
    addresses: new Addresses(isLimited ? socketsPerAddress : Number.MAX_SAFE_INTEGER),
    budgets: new SiteBudgets((site) => (isLimited ? sites.quota(site) : null)),
    attempts: isLimited ? createAttempts(counts) : openAttempts,
  };
}

/** Who may do what, and who did. */
function openAccess(
  { adminKeyHash, publicUrl }: Config,
  store: Store,
  attempts: Attempts,
  secret: Uint8Array,
  logger: Logger,
) {
  const accounts = new Accounts(store.registers);
  const sessions = new Sessions(store, accounts, secret);
  const people = new People(store);
  const passwords = new Passwords();
  const signIn = new SignIn({ accounts, sessions, people, passwords, attempts, secret });
  return { accounts, sessions, people, signIn, audit: new Audit(store, logger), adminKeyHash, publicUrl };
}

/** What hubs tell each other of; a hub with a store of its own is alone. */
function openRelay(
  { redisUrl }: Config,
  store: Store,
  parts: { receive(message: Relayed): void; presence: Presence; missed: MissedNews },
  logger: Logger,
): Relay {
  if (redisUrl === null || !(store instanceof RedisStore)) return noRelay;
  const { receive, presence, missed } = parts;
  const back = () => {
    presence
      .enterAll()
      .catch((error: unknown) => logger.warn({ err: error }, 'other nodes could not be told'));
    missed.lookAfterAll();
  };
  const publish = (channel: string, text: string) => store.publish(channel, text);
  return new RedisRelay({ url: redisUrl, node: store.node, publish, logger, receive, back });
}

async function openStore(config: Config, logger: Logger, clock?: () => number): Promise<Store> {
  const { redisUrl, dataDir, allowVolatileStore: allowVolatile, redisReplicas: replicas } = config;
  const onLost = (site: SiteId, events: readonly string[]) =>
    logger.error({ site, events }, 'acked events are lost: another Redis took over that knew less');
  try {
    if (redisUrl !== null)
      return await RedisStore.open(redisUrl, {
        allowVolatile,
        replicas,
        onLost,
        ...(clock ? { clock } : {}),
      });
    return await SqliteStore.open(dataDir, clock);
  } catch (error) {
    const name = redisUrl === null ? 'DATA_DIR' : 'REDIS_URL';
    throw new StartError(`${name} can’t be used: ${error instanceof Error ? error.message : String(error)}`);
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
    http.listen({ port, host, backlog: MOST_KNOCKING }, () => {
      const { port: bound } = http.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}
