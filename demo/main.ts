import { fileURLToPath } from 'node:url';
import { readConfig } from '../server/config.ts';
import { run } from '../server/run.ts';
import { hubApi, type HubApi } from './hub-api.ts';
import { seedHistory } from './seed.ts';
import { shopRouter } from './shop-server.ts';
import { demoRules, demoSite, SECRET_KEY } from './site.ts';

const built = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Hub and demo shop on one port. The owner's part (history, rules) goes through the hub's public face. */
async function main(): Promise<void> {
  const quiet = { LOG_LEVEL: 'warn', DATA_DIR: './.data/demo', ...process.env };
  const { port } = readConfig(quiet);
  const app = await run(
    { widgetDir: built('widget'), shop: shopRouter(built('shop')), site: demoSite(port) },
    () => readConfig(quiet),
  );
  if (!app) return;
  const hub = hubApi(app.url, SECRET_KEY);
  if (await isNew(hub)) await seedHistory(hub);
  for (const rule of demoRules) await hub.put(`/v1/rules/${rule.id}`, rule);
  const shop = app.url.replace('127.0.0.1', 'localhost');
  process.stdout.write(`
Cartbell is ready

  Shop        ${shop}/
  Inspector   ${shop}/?inspect   (what travels, and why each rule fired or not)
  Health      ${shop}/readyz

Put something worth €20 or more into the cart and wait ten seconds.
Demo rules are quick: a cart is idle after 10 s and abandoned after 1 min.
`);
}

async function isNew(hub: HubApi): Promise<boolean> {
  const { events } = (await hub.get('/v1/metrics')) as { events: Record<string, number> };
  return events['view_item'] === undefined;
}

await main();
