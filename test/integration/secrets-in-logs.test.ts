import { expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { ADMIN_KEY } from '../support/http-face.ts';
import { failedStart, startHub } from '../support/hub-process.ts';
import { openPage } from '../support/page.ts';
import { ORIGIN, PUBLISHABLE_KEY, SECRET_KEY, siteFile } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';

const CANARY = 'canary-password-7f3a9';
const EMAIL = 'jo-canary@shop.example';
const ownPage = { 'sec-fetch-site': 'same-origin' };

it(
  'no password, key, session or token is in what the hub prints or answers with, at any level',
  { timeout: 90_000 },
  async () => {
    const dir = await tempDir();
    const hub = await startHub({
      DATA_DIR: dir,
      ADMIN_KEY,
      LOG_LEVEL: 'trace',
      SITE_FILE: await siteFile(dir),
    });
    const asAdmin = { authorization: `Bearer ${ADMIN_KEY}` };
    const secrets = [CANARY, EMAIL, ADMIN_KEY, SECRET_KEY];
    const answers: string[] = [];
    const ask = async (method: string, path: string, body: unknown, headers: Record<string, string>) => {
      const answer = await call(hub.url, method, path, body, headers);
      answers.push(JSON.stringify(answer.body));
      return answer.body;
    };
    const post = (path: string, body: unknown, headers: Record<string, string>) =>
      ask('POST', path, body, headers);

    const invited = await call(
      hub.url,
      'POST',
      '/v1/sites/test/people',
      { email: EMAIL, role: 'owner' },
      asAdmin,
    );
    const token = String(invited.body['token']);
    const made = await call(hub.url, 'POST', '/v1/sites/test/keys', { kind: 'secret' }, asAdmin);
    secrets.push(token, String(made.body['key']));
    const response = await fetch(`${hub.url}/v1/invitations/accept`, {
      method: 'POST',
      headers: { ...ownPage, 'content-type': 'application/json' },
      body: JSON.stringify({ token, password: CANARY }),
    });
    expect(response.status).toBe(200);
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    const { csrf } = (await response.json()) as { csrf: string };
    secrets.push(cookie.slice('__Host-cartbell='.length), csrf);
    const session = { ...ownPage, cookie, 'x-csrf-token': csrf };

    // What is right, what is wrong, what is cut off, and what stands in the wrong place.
    await post('/v1/password', { old: `${CANARY}-wrong`, new: `${CANARY}-new` }, session);
    await post('/v1/sign-in', { email: 'nobody@shop.example', password: CANARY }, ownPage);
    await post('/v1/sign-in', `{"email":"nobody@shop.example","password":"${CANARY}`, ownPage);
    await post('/v1/sign-in', { email: CANARY, password: CANARY, more: CANARY }, ownPage);
    await post('/v1/sign-in', { email: 'a@b.example', password: CANARY.repeat(20) }, ownPage);
    await post('/v1/invitations/accept', { token: `${CANARY}${token}`, password: CANARY }, ownPage);
    await ask('GET', '/v1/rules', undefined, { authorization: `Bearer ${SECRET_KEY}x` });
    await ask('GET', '/v1/rules', undefined, { authorization: `Basic ${ADMIN_KEY}` });
    await ask('GET', '/v1/sites', undefined, { authorization: `Bearer ${ADMIN_KEY}x` });
    await ask('PUT', '/v1/paused', { paused: CANARY }, session);
    await ask('PUT', '/v1/paused', { paused: true }, { ...session, 'x-csrf-token': `${csrf}x` });
    const page = await openPage(hub.url);
    secrets.push(page.welcome.token);
    const beacon = { site: PUBLISHABLE_KEY, token: `${page.welcome.token}x`, events: [] };
    await ask('POST', '/v1/track', beacon, { origin: ORIGIN });
    expect(await hub.stop()).toBe(0);

    const printed = hub.log.join('\n');
    expect(printed).toContain('the hub is up');
    for (const secret of secrets) {
      expect(printed, secret).not.toContain(secret);
      for (const answer of answers) expect(answer, secret).not.toContain(secret);
    }
  },
);

it('a start that is refused says nothing of the key that is wrong', async () => {
  const short = await failedStart({ DATA_DIR: await tempDir(), ADMIN_KEY: CANARY });
  expect(short.stderr).toContain('ADMIN_KEY: Use 32 to 200 characters');
  expect(short.stderr).not.toContain(CANARY);
});
