import { beforeEach, describe, expect, it } from 'vitest';
import { Passwords } from '../../server/accounts/passwords.ts';
import { MOST_SESSIONS } from '../../server/accounts/sessions.ts';
import type { SiteId } from '../../shared/ids.ts';
import { Email } from '../../shared/people.ts';
import { openAttempts } from '../../server/limits/attempts.ts';
import { ADMIN_KEY, type Answer, HttpFace, PASSWORD, type SignedIn, signedIn } from '../support/http-face.ts';

const HOUR = 3_600_000;
const JO = Email.parse('jo@shop.example');

let face: HttpFace;
let site: SiteId;

beforeEach(async () => {
  face = await HttpFace.open();
  ({ id: site } = await face.addSite());
});

const me = (as: { cookie: string; csrf: string }) => face.ask('GET', '/v1/me', { as });

describe('signing in', () => {
  beforeEach(() => face.addPerson(JO, site, 'owner'));

  it('gives a session in a cookie that is for this host alone and no script, and a token for changes', async () => {
    const answer = await face.ask('POST', '/v1/sign-in', {
      body: { email: ' JO@Shop.example ', password: PASSWORD },
    });
    expect(answer).toMatchObject({ status: 200, body: { email: JO } });
    const [value = '', ...attributes] = (answer.headers.get('set-cookie') ?? '').split('; ');
    expect(value).toMatch(/^__Host-cartbell=[\w-]{43}$/);
    expect(attributes.filter((attribute) => !/^(Max-Age|Expires)=/.test(attribute)).toSorted()).toEqual([
      'HttpOnly',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    expect((await me(signedIn(answer))).body).toEqual({
      email: JO,
      roles: { [site]: 'owner' },
      csrf: answer.body['csrf'],
    });
  });

  it('says the same of an e-mail that nobody has, a wrong password and a disabled account', async () => {
    const answers: Answer[] = [];
    const tries = [
      { email: 'nobody@shop.example', password: PASSWORD },
      { email: JO, password: 'a wrong password' },
    ];
    for (const body of tries) answers.push(await face.ask('POST', '/v1/sign-in', { body }));
    await face.ask('PUT', `/v1/accounts/${JO}/disabled`, { key: ADMIN_KEY, body: { disabled: true } });
    answers.push(await face.ask('POST', '/v1/sign-in', { body: { email: JO, password: PASSWORD } }));
    for (const { status, text } of answers) expect([status, text]).toEqual([401, answers[0]?.text]);
  });

  it('hashes a password again where it was hashed at less than today’s cost', async () => {
    const old = await new Passwords({ ln: 3, r: 8, p: 1 }).hash(PASSWORD);
    await face.accounts.change(JO, (before) => ({ ...before, password: old }));
    await face.signIn(JO);
    expect((await face.accounts.read(JO))?.password).toContain('$scrypt$ln=4,');
    await face.signIn(JO);
  });

  it('is tried 30 times from an address in ten minutes, whomever it is about', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 33; turn++) {
      const body = { email: `nobody-${turn}@shop.example`, password: PASSWORD };
      statuses.push((await face.ask('POST', '/v1/sign-in', { body, from: '10.6.6.6' })).status);
    }
    expect(statuses).toEqual([...Array(30).fill(401), ...Array(3).fill(429)]);
  });

  it('is tried ten times by strangers of any address, which keeps nobody out where they have been before', async () => {
    await face.signIn(JO, PASSWORD, '10.2.0.2');
    const statuses: number[] = [];
    for (let turn = 0; turn < 14; turn++) {
      const body = { email: JO, password: `wrong password ${turn}` };
      statuses.push((await face.ask('POST', '/v1/sign-in', { body, from: `10.6.6.${turn}` })).status);
    }
    expect(statuses.slice(0, 9)).toEqual(Array(9).fill(401));
    expect(statuses.slice(-4)).toEqual(Array(4).fill(429));
    const right = { email: JO, password: PASSWORD };
    expect((await face.ask('POST', '/v1/sign-in', { body: right, from: '10.6.6.99' })).status).toBe(429);
    expect((await face.ask('POST', '/v1/sign-in', { body: right, from: '10.2.0.2' })).status).toBe(200);
  });
});

describe('a session', () => {
  beforeEach(() => face.addPerson(JO, site, 'owner'));

  it('ends after 12 hours in which nobody asked for anything, and after seven days in any case', async () => {
    const idle = await face.signIn(JO);
    face.clock.now += 12 * HOUR - 1;
    expect((await me(idle)).status).toBe(200);
    face.clock.now += 12 * HOUR;
    expect((await me(idle)).status).toBe(401);
    const busy = await face.signIn(JO);
    for (let hours = 0; hours < 7 * 24 - 10; hours += 10) {
      face.clock.now += 10 * HOUR;
      expect((await me(busy)).status, `after ${hours + 10} hours`).toBe(200);
    }
    face.clock.now += 8 * HOUR;
    expect((await me(busy)).status).toBe(401);
  });

  it('has an id of its own each time, and ends with its sign-out, the others going on', async () => {
    const [one, other] = [await face.signIn(JO), await face.signIn(JO)];
    expect(one.cookie).not.toBe(other.cookie);
    const out = await face.ask('POST', '/v1/sign-out', { as: one });
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-cartbell=;.*Expires=Thu, 01 Jan 1970/);
    expect([(await me(one)).status, (await me(other)).status]).toEqual([401, 200]);
  });

  it('ends with all others when the password is changed, which gives a new one', async () => {
    const [one, other] = [await face.signIn(JO), await face.signIn(JO)];
    const changed = await face.ask('POST', '/v1/password', {
      as: one,
      body: { old: PASSWORD, new: 'another long password' },
    });
    expect(changed.status).toBe(200);
    expect([(await me(one)).status, (await me(other)).status]).toEqual([401, 401]);
    expect((await me(signedIn(changed))).status).toBe(200);
    expect((await face.ask('POST', '/v1/sign-in', { body: { email: JO, password: PASSWORD } })).status).toBe(
      401,
    );
    await face.signIn(JO, 'another long password');
  });

  it('ends when the account is disabled, and is not back when it is enabled', async () => {
    const one = await face.signIn(JO);
    for (const disabled of [true, false]) {
      await face.ask('PUT', `/v1/accounts/${JO}/disabled`, { key: ADMIN_KEY, body: { disabled } });
      expect((await me(one)).status).toBe(401);
    }
    expect((await me(await face.signIn(JO))).status).toBe(200);
  });

  it('is one of twenty at most: the oldest gives way', async () => {
    const roomy = await HttpFace.open({ attempts: openAttempts });
    await roomy.addPerson(JO, (await roomy.addSite()).id, 'owner');
    const first = await roomy.signIn(JO);
    const second = await roomy.signIn(JO);
    for (let turn = 2; turn <= MOST_SESSIONS; turn++) await roomy.signIn(JO);
    const statusOf = async (as: SignedIn) => (await roomy.ask('GET', '/v1/me', { as })).status;
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
  });

  it.each([['nonsense'], ['A'.repeat(43)], ['']])('that was never one, %j, opens nothing', async (token) => {
    const headers = { cookie: `__Host-cartbell=${token}` };
    expect((await face.ask('GET', '/v1/rules', { headers })).status).toBe(401);
  });
});

describe('whoever has a part in several sites', () => {
  it('says which they mean, and is told of no other', async () => {
    const { id: other } = await face.addSite({
      id: 'other',
      publishableKey: 'pk_other',
      secretKey: 'sk_other_secret',
    });
    await face.addSite({ id: 'third', publishableKey: 'pk_third', secretKey: 'sk_third_secret' });
    await face.addPerson(JO, site, 'viewer');
    await face.addPerson(JO, other, 'owner');
    const as = await face.signIn(JO);
    const keysOf = async (named: string) =>
      (await face.ask('GET', '/v1/keys', { as, headers: { 'cartbell-site': named } })).status;
    expect((await face.ask('GET', '/v1/keys', { as })).body).toMatchObject({ path: 'Cartbell-Site' });
    expect([await keysOf('test'), await keysOf('other')]).toEqual([403, 200]);
    const answers = await Promise.all(
      ['third', 'nowhere', '../other'].map((named) =>
        face.ask('GET', '/v1/rules', { as, headers: { 'cartbell-site': named } }),
      ),
    );
    for (const { status, text } of answers) expect([status, text]).toEqual([403, answers[0]?.text]);
  });
});
