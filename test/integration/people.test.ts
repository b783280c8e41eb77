import { beforeEach, describe, expect, it } from 'vitest';
import type { SiteId } from '../../shared/ids.ts';
import { openAttempts } from '../../server/limits/attempts.ts';
import { ADMIN_KEY, HttpFace, PASSWORD, type SignedIn } from '../support/http-face.ts';
import { SECRET_KEY } from '../support/sample-site.ts';

const HOUR = 3_600_000;

let face: HttpFace;
let site: SiteId;
let owner: SignedIn;

beforeEach(async () => {
  face = await HttpFace.open({ attempts: openAttempts });
  ({ id: site } = await face.addSite());
  await face.addPerson('jo@shop.example', site, 'owner');
  owner = await face.signIn('jo@shop.example');
});

const invite = async (email: string, role: string, as = owner) =>
  String((await face.ask('POST', '/v1/people', { as, body: { email, role } })).body['token']);
const accept = (token: string, password = PASSWORD) =>
  face.ask('POST', '/v1/invitations/accept', { body: { token, password } });
const people = async () => (await face.ask('GET', '/v1/people', { as: owner })).body;

describe('an invitation', () => {
  it('of the installation makes the first owner of a site', async () => {
    const body = { email: 'first@other.example', role: 'owner' };
    await face.addSite({ id: 'other', publishableKey: 'pk_other', secretKey: 'sk_other_secret' });
    const { body: invited } = await face.ask('POST', '/v1/sites/other/people', { key: ADMIN_KEY, body });
    expect((await accept(String(invited['token']))).status).toBe(200);
    const as = await face.signIn('first@other.example');
    expect((await face.ask('GET', '/v1/me', { as })).body).toMatchObject({ roles: { other: 'owner' } });
  });

  it('is good once, and signs in whom it takes in', async () => {
    const token = await invite('vi@shop.example', 'viewer');
    expect(await people()).toMatchObject({ invited: [{ email: 'vi@shop.example', by: 'jo@shop.example' }] });
    const answers = await Promise.all([accept(token), accept(token)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await accept(token)).status).toBe(404);
    expect(await people()).toEqual({
      people: [
        { email: 'jo@shop.example', role: 'owner' },
        { email: 'vi@shop.example', role: 'viewer' },
      ],
      invited: [],
    });
  });

  it('is over after 72 hours', async () => {
    const token = await invite('vi@shop.example', 'viewer');
    face.clock.now += 72 * HOUR;
    expect((await accept(token)).status).toBe(404);
  });

  it.each<[string, (token: string) => Promise<unknown>]>([
    ['it is given anew', () => invite('vi@shop.example', 'viewer')],
    ['it is taken back', () => face.ask('DELETE', '/v1/people/vi@shop.example', { as: owner })],
  ])('is worth nothing once %s', async (_, end) => {
    const token = await invite('vi@shop.example', 'editor');
    await end(token);
    expect((await accept(token)).status).toBe(404);
  });

  it('is worth nothing once who gave it is no owner any more', async () => {
    await accept(await invite('kim@shop.example', 'owner'));
    const token = await invite('vi@shop.example', 'owner', await face.signIn('kim@shop.example'));
    await face.ask('PUT', '/v1/people/kim@shop.example', { as: owner, body: { role: 'viewer' } });
    expect((await accept(token)).status).toBe(404);
  });

  it('of another site’s owner can’t set the password of an account that is there', async () => {
    const { id } = await face.addSite({ id: 'evil', publishableKey: 'pk_evil', secretKey: 'sk_evil_secret' });
    await face.addPerson('eve@evil.example', id, 'owner');
    const token = await invite('jo@shop.example', 'viewer', await face.signIn('eve@evil.example'));
    expect((await accept(token, 'chosen by eve, not jo')).status).toBe(401);
    await face.signIn('jo@shop.example');
    expect((await accept(token)).status).toBe(200);
    const both = await face.signIn('jo@shop.example');
    expect((await face.ask('GET', '/v1/me', { as: both })).body).toMatchObject({
      roles: { test: 'owner', evil: 'viewer' },
    });
  });

  it('is no way to try the passwords of an account more often than there is else', async () => {
    const counted = await HttpFace.open();
    const { id } = await counted.addSite();
    await counted.addPerson('eve@evil.example', id, 'owner');
    await counted.addPerson('jo@shop.example', id, 'viewer');
    const as = await counted.signIn('eve@evil.example');
    await counted.ask('DELETE', '/v1/people/jo@shop.example', { as });
    const body = { email: 'jo@shop.example', role: 'viewer' };
    const { body: invited } = await counted.ask('POST', '/v1/people', { as, body });
    const guess = async (index: number) => {
      const guessed = { token: invited['token'], password: `a wrong guess ${index}` };
      const from = `10.1.0.${index + 2}`;
      return (await counted.ask('POST', '/v1/invitations/accept', { body: guessed, from })).status;
    };
    const answers: number[] = [];
    for (let index = 0; index < 12; index++) answers.push(await guess(index));
    expect([answers.filter((status) => status === 401).length, answers.at(-1)]).toEqual([10, 429]);
  });

  it('leaves nothing behind where it is given again and again', async () => {
    const tokens: string[] = [];
    for (let count = 0; count < 5; count++) tokens.push(await invite('vi@shop.example', 'viewer'));
    const kept = await Promise.all(tokens.map((token) => face.people.invitation(token)));
    expect(kept.map((invitation) => invitation?.email ?? null)).toEqual([
      ...Array.from({ length: 4 }, () => null),
      'vi@shop.example',
    ]);
    expect(await face.store.registers.list('invitations', '', 100)).toHaveLength(1);
  });

  it('of two who have the link of the installation one sets the password, and the other nothing', async () => {
    const body = { email: 'jo@shop.example', role: 'owner' };
    const { body: invited } = await face.ask('POST', '/v1/sites/test/people', { key: ADMIN_KEY, body });
    const passwords = ['the first one’s password', 'the other one’s password'];
    const answers = await Promise.all(
      passwords.map((password) => accept(String(invited['token']), password)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 404]));
    const won = passwords[answers.findIndex(({ status }) => status === 200)];
    await face.signIn('jo@shop.example', won);
    const { entries } = (await face.ask('GET', '/v1/audit', { key: SECRET_KEY })).body;
    // Also of the one who came too late, if it was begun.
    expect((entries as { status: number | null }[]).map(({ status }) => status)).not.toContain(null);
  });

  it('of the installation sets a password that was forgotten, and ends the sessions', async () => {
    const body = { email: 'jo@shop.example', role: 'owner' };
    const { body: invited } = await face.ask('POST', '/v1/sites/test/people', { key: ADMIN_KEY, body });
    expect((await accept(String(invited['token']), 'a password of today')).status).toBe(200);
    expect((await face.ask('GET', '/v1/me', { as: owner })).status).toBe(401);
    await face.signIn('jo@shop.example', 'a password of today');
  });

  it('lets nobody in whose account is disabled, and is good when it no longer is', async () => {
    const body = { email: 'jo@shop.example', role: 'owner' };
    const { body: invited } = await face.ask('POST', '/v1/sites/test/people', { key: ADMIN_KEY, body });
    const put = (disabled: boolean) =>
      face.ask('PUT', '/v1/accounts/jo@shop.example/disabled', { key: ADMIN_KEY, body: { disabled } });
    await put(true);
    expect((await accept(String(invited['token']))).status).toBe(401);
    await put(false);
    expect((await accept(String(invited['token']))).status).toBe(200);
  });

  it.each([
    ['short', 'elevenchars'],
    ['long', 'x'.repeat(129)],
    ['the e-mail', 'vi@Shop.example'],
  ])('takes no password that is %s', async (_, password) => {
    const token = await invite('vi@shop.example', 'viewer');
    expect(await accept(token, password)).toMatchObject({ status: 400, body: { path: 'password' } });
    expect((await accept(token)).status).toBe(200);
  });
});

describe('the last owner of a site', () => {
  it('can neither go nor become less', async () => {
    await accept(await invite('ed@shop.example', 'editor'));
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PUT', { role: 'editor' }],
    ] as const)
      expect(await face.ask(method, '/v1/people/jo@shop.example', { as: owner, body })).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
  });

  it('is one of two who take each other away at once', async () => {
    await accept(await invite('kim@shop.example', 'owner'));
    const kim = await face.signIn('kim@shop.example');
    const answers = await Promise.all([
      face.ask('DELETE', '/v1/people/kim@shop.example', { as: owner }),
      face.ask('DELETE', '/v1/people/jo@shop.example', { as: kim }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(Object.values((await face.people.list(site)).people)).toEqual([
      expect.objectContaining({ role: 'owner' }),
    ]);
  });
});

it('a role that is changed or taken away holds for the next request', async () => {
  await accept(await invite('ed@shop.example', 'editor'));
  const as = await face.signIn('ed@shop.example');
  const pause = async () => (await face.ask('PUT', '/v1/paused', { as, body: { paused: true } })).status;
  expect(await pause()).toBe(200);
  await face.ask('PUT', '/v1/people/ed@shop.example', { as: owner, body: { role: 'viewer' } });
  expect(await pause()).toBe(403);
  expect((await face.ask('GET', '/v1/rules', { as })).status).toBe(200);
  await face.ask('DELETE', '/v1/people/ed@shop.example', { as: owner });
  expect((await face.ask('GET', '/v1/rules', { as })).status).toBe(403);
});

it.each([
  ['PUT', { role: 'viewer' }],
  ['DELETE', undefined],
])('%s of somebody of another site is answered like that of nobody', async (method, body) => {
  const { id } = await face.addSite({
    id: 'other',
    publishableKey: 'pk_other',
    secretKey: 'sk_other_secret',
  });
  await face.addPerson('them@other.example', id, 'owner');
  const answers = await Promise.all(
    ['them@other.example', 'nobody@other.example'].map((email) =>
      face.ask(method, `/v1/people/${email}`, { as: owner, body }),
    ),
  );
  for (const { status, text } of answers) expect([status, text]).toEqual([404, answers[0]?.text]);
  expect(await face.people.roleOf('them@other.example' as never, id)).toBe('owner');
});
