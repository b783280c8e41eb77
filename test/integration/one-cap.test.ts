import { expect, it } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { mug, openPage, type Page } from '../support/page.ts';
import { rule, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const TABS = 10;
const TRIGGERS = 100;
const CAP = 3;

/** More rules than the cap has places, so that each trigger finds one whose nudge is not up yet. */
const rules = (validFor: string) =>
  Array.from({ length: 2 * CAP }, (_, index) =>
    rule(`hello-${index}`, {
      on: 'add_to_cart',
      nudge: { kind: 'toast', title: `Hello ${index}`, validFor },
    }),
  );

async function siteWithCap(dir: string, validFor: string): Promise<Record<string, string>> {
  const settings = { holdoutPercent: 0, limit: { times: CAP, per: '1h' } };
  return { DATA_DIR: dir, SITE_FILE: await siteFile(dir, { rules: rules(validFor), settings }) };
}

async function openTabs(hub: string, token?: string): Promise<Page[]> {
  const first = await openPage(hub, token === undefined ? {} : { token });
  const others = Array.from({ length: TABS - 1 }, () => openPage(hub, { token: first.welcome.token }));
  return [first, ...(await Promise.all(others))];
}

/** Every tab adds to the cart again and again, none waiting for another. */
function addAtOnce(tabs: readonly Page[]): Promise<unknown> {
  const rounds = Array.from({ length: TRIGGERS / TABS }, () => tabs);
  return Promise.all(rounds.flat().map((tab) => tab.track('add_to_cart', { items: [mug] })));
}

function seenBy(tabs: readonly Page[]): string[] {
  return [
    ...new Set(tabs.flatMap(({ nudges, welcome }) => [...nudges, ...welcome.nudges].map(({ id }) => id))),
  ];
}

it('a hundred triggers at once in ten tabs, with a cap of three: exactly three nudges are shown', async () => {
  const dir = await tempDir();
  const hub = await startHub(await siteWithCap(dir, '10m'));
  const tabs = await openTabs(hub.url);
  await addAtOnce(tabs);
  await Promise.all(tabs.map((tab) => tab.until(() => tab.nudges.length >= CAP)));
  const nudges = seenBy(tabs);
  expect(nudges).toHaveLength(CAP);

  const claims = nudges.flatMap((nudge) =>
    tabs.map(async (tab) => ({ tab, nudge, ack: await tab.claim(nudge) })),
  );
  const painted = (await Promise.all(claims)).filter(({ ack }) => ack.ok);
  await Promise.all(painted.map(({ tab, nudge }) => tab.track('nudge_displayed', { nudge })));
  expect(painted.map(({ nudge }) => nudge).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    nudges.toSorted((a, b) => (a < b ? -1 : 1)),
  );
  // Gone from the page, they still count: the window is an hour long.
  await Promise.all(painted.map(({ tab, nudge }) => tab.track('nudge_clicked', { nudge })));
  await addAtOnce(tabs);
  expect(seenBy(tabs)).toHaveLength(CAP);
}, 30_000);

it('places that nobody saw taken are free again when their time is over, though the hub was killed meanwhile', async () => {
  const dir = await tempDir();
  const env = await siteWithCap(dir, '3s');
  const hub = await startHub(env);
  const tabs = await openTabs(hub.url);
  await addAtOnce(tabs);
  await Promise.all(tabs.map((tab) => tab.until(() => tab.nudges.length >= CAP)));
  const { token } = tabs[0]?.welcome ?? {};
  for (const tab of tabs) tab.close();
  await hub.kill();

  const again = await startHub(env);
  const [first, ...others] = await openTabs(again.url, token);
  // The three are withdrawn when they expire; those of the welcome were still on their way.
  await first?.until(
    () => first.welcome.nudges.length === 0 || first.withdrawn.length >= first.welcome.nudges.length,
  );
  const before = first?.welcome.nudges.map(({ id }) => id) ?? [];
  await addAtOnce([...others, ...(first ? [first] : [])]);
  await first?.until(() => first.nudges.length >= CAP);
  const fresh = first?.nudges.map(({ id }) => id).filter((id) => !before.includes(id)) ?? [];
  expect(fresh).toHaveLength(CAP);
}, 30_000);
