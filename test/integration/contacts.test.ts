import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { ORIGIN, PUBLISHABLE_KEY, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const VICTIM = 'victim@example.com';
const contact = { email: VICTIM };

async function hubAndPage() {
  const dir = await tempDir();
  const hub = await startHub({ DATA_DIR: dir, SITE_FILE: await siteFile(dir) });
  const page = await openPage(hub.url);
  const exported = async () => (await call(hub.url, 'GET', `/v1/shoppers/${page.welcome.shopper}`)).body;
  return { hub, page, exported };
}

describe('where the shop may write to a shopper', () => {
  it('is named by no page: not in an event, beside it, in a beacon, in a greeting or with the publishable key', async () => {
    const { hub, page, exported } = await hubAndPage();
    const { shopper, token } = page.welcome;
    // The event counts, or is refused; what it says of an address does not.
    await page.track('view_item', { items: [], email: VICTIM, contact });
    await page.track('page_view', {}, { contact, email: VICTIM });
    await page.socket.timeout(2_000).emitWithAck('track', { events: [], contact });
    await openPage(hub.url, { token, contact, email: VICTIM });
    const beacon = JSON.stringify({
      site: PUBLISHABLE_KEY,
      token,
      contact,
      events: [{ id: randomUUID(), name: 'page_view', at: Date.now(), rev: 100, params: { contact } }],
    });
    const headers = { origin: ORIGIN, 'content-type': 'text/plain' };
    await fetch(`${hub.url}/v1/track`, { method: 'POST', headers, body: beacon });
    const told = await call(
      hub.url,
      'POST',
      '/v1/events',
      { shopper, contact },
      {
        authorization: `Bearer ${PUBLISHABLE_KEY}`,
        origin: ORIGIN,
      },
    );
    expect(told.status).toBe(401);
    expect(await exported()).toMatchObject({ contact: {} });
    expect(JSON.stringify(await exported())).not.toContain(VICTIM);
  });

  it('is named by the shop’s server, and taken back', async () => {
    const { hub, page, exported } = await hubAndPage();
    const { shopper } = page.welcome;
    await page.track('page_view');
    expect((await call(hub.url, 'POST', '/v1/events', { shopper, contact })).status).toBe(200);
    expect(await exported()).toMatchObject({ contact });
    await call(hub.url, 'POST', '/v1/events', { shopper, contact: { email: null } });
    expect(JSON.stringify(await exported())).not.toContain(VICTIM);
  });
});
