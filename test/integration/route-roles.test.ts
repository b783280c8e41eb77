import { beforeAll, describe, expect, it, afterAll } from 'vitest';
import type { Route } from '../../server/http/route.ts';
import { ROLES } from '../../shared/people.ts';
import { openAttempts } from '../../server/limits/attempts.ts';
import { ADMIN_KEY, HttpFace, type SignedIn } from '../support/http-face.ts';
import { rule, SECRET_KEY } from '../support/sample-site.ts';

/** Everybody there is, in the order of the table's marks. */
const WHO = [
  'nobody',
  'other site’s key',
  'own key',
  'viewer',
  'editor',
  'owner',
  'signed out',
  'disabled',
  'expired session',
  'admin key',
] as const;
type Who = (typeof WHO)[number];

/** What each of them is answered: `.` is let in (whatever comes of it), `1` is 401, `3` is 403. */
const TABLE: Readonly<Record<string, string>> = {
  'GET /healthz': '..........',
  'GET /readyz': '..........',
  'GET /metrics': '..........',
  'POST /v1/track': '..........',
  'POST /v1/events': '1..3331111',
  'PUT /v1/products': '1..3..1111',
  'GET /v1/segments': '1.....1111',
  'PUT /v1/segments': '1..3..1111',
  'PUT /v1/paused': '1..3..1111',
  'GET /v1/metrics': '1.....1111',
  'GET /v1/capture-health': '1.....1111',
  'GET /v1/rules': '1.....1111',
  'GET /v1/rules/:id': '1.....1111',
  'GET /v1/rules/:id/versions': '1.....1111',
  'GET /v1/rules/:id/diff': '1.....1111',
  'PUT /v1/rules/:id': '1..3..1111',
  'DELETE /v1/rules/:id': '1..3..1111',
  'POST /v1/rules/:id/rollback': '1..3..1111',
  'POST /v1/rules/:id/backtest': '1..3..1111',
  'POST /v1/nudges': '1..3331111',
  'GET /v1/shoppers/:id/reasons': '1.....1111',
  'GET /v1/shoppers/:id': '1..33.1111',
  'DELETE /v1/shoppers/:id': '1..33.1111',
  'POST /v1/identities': '1..3331111',
  'DELETE /v1/shoppers/:id/sessions': '1..33.1111',
  'POST /v1/shoppers/sign-out': '..........',
  'POST /v1/recovery-links': '1..3331111',
  'GET /r/:token': '..........',
  'GET /v1/recovered-carts/:token': '..........',
  'POST /v1/coupons/:code/redeem': '1..3331111',
  'POST /v1/coupons/:code/release': '1..3331111',
  'GET /v1/webhooks': '1..3..1111',
  'GET /v1/webhooks/:id': '1..3..1111',
  'GET /v1/webhooks/:id/deliveries': '1..3..1111',
  'POST /v1/webhooks': '1..33.1111',
  'PUT /v1/webhooks/:id': '1..33.1111',
  'DELETE /v1/webhooks/:id': '1..33.1111',
  'POST /v1/webhooks/:id/secret': '1..33.1111',
  'POST /v1/webhooks/:id/enable': '1..33.1111',
  'POST /v1/webhooks/:id/test': '1..33.1111',
  'POST /v1/inbound-secret': '1..33.1111',
  'DELETE /v1/inbound-secret': '1..33.1111',
  // Its signature says who it is from, and nothing else does.
  'POST /v1/inbound/:site': '1111111111',
  'GET /v1/keys': '1..33.1111',
  'POST /v1/keys': '13333.1111',
  'DELETE /v1/keys/:key': '13333.1111',
  'POST /v1/sign-in': '..........',
  'POST /v1/invitations/accept': '..........',
  'GET /v1/me': '111...1111',
  'POST /v1/sign-out': '111...1111',
  'POST /v1/password': '111...1111',
  'GET /v1/people': '1..33.1111',
  'POST /v1/people': '13333.1111',
  'PUT /v1/people/:email': '13333.1111',
  'DELETE /v1/people/:email': '13333.1111',
  'GET /v1/sites/:site/people': '111111111.',
  'POST /v1/sites/:site/people': '111111111.',
  'PUT /v1/accounts/:email/disabled': '111111111.',
  'GET /v1/audit': '1..33.1111',
  'GET /v1/hub/audit': '111111111.',
  'GET /v1/sites': '111111111.',
  'POST /v1/sites': '111111111.',
  'GET /v1/sites/:site': '111111111.',
  'PUT /v1/sites/:site/origins': '111111111.',
  'PUT /v1/sites/:site/quota': '111111111.',
  'POST /v1/sites/:site/keys': '111111111.',
  'DELETE /v1/sites/:site/keys/:key': '111111111.',
};

const OTHER_KEY = 'sk_other_secret';
/** Stands in everything that is the first site's. */
const CANARY = 'canary';
const PARAMS: Readonly<Record<string, string>> = {
  id: 'own-rule',
  code: 'AAAA-BBBB',
  key: 'k-none',
  email: 'nobody@shop.example',
  site: 'test',
};

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method.toUpperCase()} ${path}`;

let face: HttpFace;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  face = await HttpFace.open({ attempts: openAttempts, atEnd: (end) => void ends.push(end) });
  const { id } = await face.addSite({
    rules: [rule('own-rule', { on: 'purchase', nudge: { kind: 'toast', title: CANARY } })],
    segments: [{ id: `${CANARY}-segment`, when: { 'shopper.orders': 1 } }],
  });
  await face.addSite({ id: 'other', publishableKey: 'pk_other', secretKey: OTHER_KEY });
  for (const role of ['viewer', 'editor', 'owner'] as const)
    await face.addPerson(`${role}@${CANARY}.example`, id, role);
  for (const name of ['out', 'off', 'late']) await face.addPerson(`${name}@${CANARY}.example`, id, 'owner');
});

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** With a session of its own for each request: some end the one they come by. */
async function credentials(who: Who): Promise<{ as?: SignedIn; key?: string }> {
  const of = (name: string) => face.signIn(`${name}@${CANARY}.example`);
  switch (who) {
    case 'nobody':
      return {};
    case 'other site’s key':
      return { key: OTHER_KEY };
    case 'own key':
      return { key: SECRET_KEY };
    case 'admin key':
      return { key: ADMIN_KEY };
    case 'viewer':
    case 'editor':
    case 'owner':
      return { as: await of(who) };
    case 'signed out': {
      const as = await of('out');
      expect((await face.ask('POST', '/v1/sign-out', { as })).status).toBe(200);
      return { as };
    }
    case 'disabled': {
      const put = (disabled: boolean) =>
        face.ask('PUT', `/v1/accounts/off@${CANARY}.example/disabled`, {
          key: ADMIN_KEY,
          body: { disabled },
        });
      await put(false);
      const as = await of('off');
      expect((await put(true)).status).toBe(200);
      return { as };
    }
    case 'expired session': {
      const as = await of('late');
      face.clock.now += 8 * 24 * 3_600_000;
      await face.sites.refresh();
      return { as };
    }
  }
}

it('no request can name a site that is not its caller’s', async () => {
  const roles: readonly string[] = [...ROLES, 'server'];
  const own = face.routes.filter(({ needs }) => roles.includes(needs));
  expect(own.length).toBeGreaterThan(20);
  for (const { method, path } of own) {
    const address = path.replaceAll(/:(\w+)/g, (_, param: string) => PARAMS[param] ?? '');
    const ask = (query: string, headers: Readonly<Record<string, string>>, site?: string) =>
      face.ask(method.toUpperCase(), address + query, {
        key: OTHER_KEY,
        headers,
        ...(method === 'get' || method === 'delete' ? {} : { body: { nonsense: true, site, id: site } }),
      });
    const named = await ask('?site=test&cartbell-site=test', { 'cartbell-site': 'test' }, 'test');
    const plain = await ask('', {});
    expect([path, named.status]).toEqual([path, plain.status]);
    expect(named.text).not.toContain(CANARY);
  }
  const before = face.sites.version('test' as never);
  const pause = { key: OTHER_KEY, headers: { 'cartbell-site': 'test' }, body: { paused: true } };
  expect((await face.ask('PUT', '/v1/paused?site=test', pause)).status).toBe(200);
  expect(face.sites.version('test' as never)).toBe(before);
});

function markOf(status: number): string {
  if (status === 401) return '1';
  return status === 403 ? '3' : '.';
}

describe('every endpoint', () => {
  it('has a line in the table, and every line an endpoint', () => {
    expect(face.routes.map(nameOf).toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });

  it('that Express serves is one of the hub’s table of endpoints; beside them there are the widget’s files alone', () => {
    interface Layer {
      readonly name: string;
      readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
      readonly handle: { readonly stack?: readonly Layer[]; readonly length: number };
    }
    const { stack } = face.app.router as unknown as { stack: readonly Layer[] };
    const served = stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
    expect(served).toEqual(face.routes.map(nameOf));
    const [files, notFound, problems, ...more] = stack.filter(({ route }) => !route);
    expect(files?.handle.stack?.map(({ name }) => name)).toEqual(['serveStatic']);
    expect([notFound?.handle.length, problems?.handle.length, more]).toEqual([0, 4, []]);
    // After them there is nothing that could be reached by another way.
    expect(stack.indexOf(files as Layer)).toBe(served.length);
  });

  it.each(Object.entries(TABLE))(
    '%s lets in whom it is for: %s',
    { timeout: 30_000 },
    async (name, marks) => {
      const [method = '', path = ''] = name.split(' ');
      const address = path.replaceAll(/:(\w+)/g, (_, param: string) => PARAMS[param] ?? '');
      const found: Record<string, string> = {};
      for (const who of WHO) {
        // Fits nothing, so that nothing changes.
        const body = method === 'POST' || method === 'PUT' ? { nonsense: true } : undefined;
        const answer = await face.ask(method, address, { ...(await credentials(who)), body });
        expect(answer.status, `${who}: ${answer.text}`).toBeLessThan(500);
        found[who] = markOf(answer.status);
        const isOwn = ['own key', 'viewer', 'editor', 'owner', 'admin key'].includes(who);
        if (!isOwn) expect(answer.text, who).not.toContain(CANARY);
      }
      expect(found).toEqual(Object.fromEntries(WHO.map((who, index) => [who, marks[index]])));
    },
  );
});
