import { createServer, request as bareRequest, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, type LookupFunction, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Outbound, type OutboundRequest, type Outcome } from '../../server/webhooks/outbound.ts';
import { ANYWHERE, PUBLIC, type Reach } from '../../server/webhooks/reach.ts';
import { ownCertificate } from '../support/own-certificate.ts';

/** A receiver on the loopback, which no message of an owner's may reach. */
interface Receiver {
  readonly port: number;
  readonly connects: () => number;
}

async function listen(answer: RequestListener, host = '127.0.0.1'): Promise<Receiver> {
  let connects = 0;
  const server = createServer(answer).on('connection', () => connects++);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connects: () => connects };
}

/** Name servers that say what a test has them say, answer after answer; the last one for ever. */
function names(told: Readonly<Record<string, readonly (readonly string[])[]>>) {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, { all }, done) => {
    const answers = told[hostname] ?? [];
    const turn = asked.filter((name) => name === hostname).length;
    asked.push(hostname);
    const found = (answers[Math.min(turn, answers.length - 1)] ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    setImmediate(() => {
      const [first] = found;
      if (!first) done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), []);
      else if (all) done(null, found);
      else done(null, first.address, first.family);
    });
  };
  return { lookup, asked };
}

let receiver: Receiver;
let here: Reach;

/** As in production, but for the scheme and port that a test has a receiver on. */
const filtered = (port: number): Reach => ({ ...PUBLIC, schemes: ['http:', 'https:'], ports: [port] });

beforeEach(async () => {
  receiver = await listen((_request, response) => response.end('{}'));
  here = filtered(receiver.port);
});

async function post(
  reach: Reach,
  url: string,
  more: { lookup?: LookupFunction; timeLimitMs?: number; only?: readonly string[] } = {},
): Promise<Outcome> {
  const { only, ...parts } = more;
  const outbound = new Outbound({ reach, timeLimitMs: 1_000, ...parts });
  const request: OutboundRequest = { url, headers: {}, body: '{}', ...(only ? { only } : {}) };
  const outcome = await outbound.post(request);
  outbound.close();
  return outcome;
}

const refused = expect.objectContaining({ reason: 'address_refused' });

describe('an address inside is never connected to', () => {
  it.each([
    ['127.0.0.1', 'as it is'],
    ['[::1]', 'of the sixth version'],
    ['[::ffff:127.0.0.1]', 'of the fourth version, written as one of the sixth'],
    ['[::ffff:7f00:1]', 'the same in hexadecimal'],
    ['2130706433', 'one decimal number'],
    ['0x7f000001', 'one hexadecimal number'],
    ['0177.0.0.1', 'octal'],
    ['0x7f.1', 'short, and hexadecimal'],
    ['127.1', 'short'],
    ['0', 'shortest'],
    ['0.0.0.0', 'any address of this machine'],
    ['[::]', 'the same in the sixth version'],
    ['127.0.0.1.', 'with a trailing dot'],
    ['１２７.0.0.1', 'in wide digits'],
    ['①②⑦.0.0.1', 'in circled digits'],
  ])('%s: %s', async (host) => {
    const url = `http://${host}:${receiver.port}/`;
    expect(await post(here, url)).toEqual(refused);
    expect(receiver.connects()).toBe(0);
  });

  it.each([
    ['shop.nip.test', ['127.0.0.1']],
    ['mapped.test', ['::ffff:127.0.0.1']],
    ['six.test', ['::1']],
    ['any.test', ['0.0.0.0']],
    ['any-six.test', ['::']],
    ['one-of-two.test', ['192.0.43.8', '127.0.0.1']],
  ])('%s, a name that stands for %j', async (name, addresses) => {
    const { lookup } = names({ [name]: [addresses] });
    expect(await post(here, `http://${name}:${receiver.port}/`, { lookup })).toEqual(refused);
    expect(receiver.connects()).toBe(0);
  });

  it.each([
    ['LOCALTEST.example', 'localtest.example'],
    ['localtest.example.', 'localtest.example.'],
    ['ⓛocaltest.example', 'localtest.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%s, a name written otherwise', async (written, asked) => {
    const { lookup } = names({ [asked]: [['127.0.0.1']] });
    expect(await post(here, `http://${written}:${receiver.port}/`, { lookup })).toEqual(refused);
    expect(receiver.connects()).toBe(0);
  });

  it.each([
    '169.254.169.254',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::1',
    '2001:0:7f00:1::1',
    '::ffff:169.254.169.254',
    '::127.0.0.1',
    '::7f00:1',
  ])('%s, which no receiver of a test can have', async (address) => {
    const { lookup } = names({ 'inside.test': [[address]] });
    expect(await post(here, `http://inside.test:${receiver.port}/`, { lookup })).toEqual(refused);
    if (address.includes('%')) return;
    const host = address.includes(':') ? `[${address}]` : address;
    expect(await post(here, `http://${host}:${receiver.port}/`)).toEqual(refused);
  });

  it('a zone is no part of a URL', async () => {
    expect(await post(here, `http://[fe80::1%25lo]:${receiver.port}/`)).toMatchObject({
      reason: 'url_refused',
    });
  });

  it('all of these are reached where private addresses may be, so the filter alone kept them off', async () => {
    const { lookup } = names({
      'shop.nip.test': [['127.0.0.1']],
      'mapped.test': [['::ffff:127.0.0.1']],
      'any.test': [['0.0.0.0']],
    });
    const hosts = [
      '127.0.0.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '0',
      '0.0.0.0',
      '１２７.0.0.1',
    ];
    const found = ['[::ffff:127.0.0.1]', '127.0.0.1.', 'shop.nip.test', 'mapped.test', 'any.test'];
    for (const host of [...hosts, ...found])
      expect([host, await post(ANYWHERE, `http://${host}:${receiver.port}/`, { lookup })]).toEqual([
        host,
        expect.objectContaining({ status: 200 }),
      ]);
    expect(receiver.connects()).toBe(hosts.length + found.length);
  });
});

describe('a name that stands for something else by the time', () => {
  /** What it stands for first passes for public in these tests. */
  const told = { 'rebound.test': [['192.0.43.8'], ['127.0.0.1']] };

  it('is looked up once: what was checked is what is connected to', async () => {
    const { lookup, asked } = names(told);
    // The first address is of the internet; nothing is to leave this machine.
    const connectedTo: unknown[] = [];
    const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function toNowhere(
      this: Socket,
      ...given: unknown[]
    ) {
      const [[{ host, lookup: find }]] = given as [[{ host: string; lookup: LookupFunction }]];
      Object.assign(this, { connecting: true });
      find(host, { all: true }, (_error, addresses) => {
        connectedTo.push(addresses);
        this.destroy(new Error('nowhere'));
      });
      return this;
    });
    onTestFinished(() => connect.mockRestore());
    await post(here, `http://rebound.test:${receiver.port}/`, { lookup });
    expect(connectedTo).toEqual([[{ address: '192.0.43.8', family: 4 }]]);
    expect(asked).toEqual(['rebound.test']);
    expect(receiver.connects()).toBe(0);
  });

  it('is refused when it stands for something inside by then', async () => {
    const { lookup } = names({ 'rebound.test': [['127.0.0.1'], ['192.0.43.8']] });
    expect(await post(here, `http://rebound.test:${receiver.port}/`, { lookup })).toEqual(refused);
    expect(receiver.connects()).toBe(0);
  });

  it('would reach the inside where it is checked first and looked up again after', async () => {
    const { lookup } = names(told);
    const checked = await new Promise((resolve) =>
      lookup('rebound.test', {}, (_error, address) => resolve(address)),
    );
    expect(checked).toBe('192.0.43.8');
    const status = await new Promise((resolve) =>
      bareRequest({ host: 'rebound.test', port: receiver.port, lookup }, ({ statusCode }) =>
        resolve(statusCode),
      ).end(),
    );
    expect([status, receiver.connects()]).toEqual([200, 1]);
  });
});

describe('what a URL may be', () => {
  it.each([
    ['http://hooks.example/', 'not encrypted'],
    ['https://hooks.example:8443/', 'another port'],
    ['https://hooks.example:22/', 'a port of something else'],
    ['https://public.example@127.0.0.1/', 'a name that is none'],
    ['https://jo:secret@hooks.example/', 'a password'],
    ['ftp://hooks.example/', 'another scheme'],
    ['file:///etc/passwd', 'a file'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'another protocol'],
    ['data:text/plain,hi', 'data'],
    ['javascript:alert(1)', 'a script'],
    ['//hooks.example/', 'half a URL'],
    ['https://', 'no host'],
    ['https://hooks.example/#part', 'a fragment'],
    [`https://hooks.example/${'a'.repeat(2_000)}`, 'no end'],
  ])('not %s: %s', async (url) => {
    const { lookup, asked } = names({ 'hooks.example': [['127.0.0.1']] });
    expect(await post(PUBLIC, url, { lookup })).toMatchObject({ reason: 'url_refused' });
    expect(asked).toEqual([]);
  });

  it('https on ports 443 and 80', () => {
    const outbound = new Outbound({ reach: PUBLIC });
    for (const url of [
      'https://hooks.example/a?b=c',
      'https://HOOKS.example:443/',
      'https://hooks.example:80/',
    ])
      expect([url, outbound.urlFault(url)]).toEqual([url, null]);
  });

  it('in production names of this machine are not known, such as localhost', async () => {
    expect(await post(here, `http://localhost:${receiver.port}/`)).toMatchObject({
      reason: expect.stringMatching(/^(name_unknown|address_refused|too_slow)$/) as unknown,
    });
    expect(receiver.connects()).toBe(0);
  });

  it.each([
    ['push.example', true],
    ['PUSH.example.', true],
    ['a.push.test', true],
    ['push.test', false],
    ['push.example.evil.test', false],
    ['notpush.example', false],
    ['127.0.0.1', false],
  ])('where hosts are named, %s: %s', async (host, isOne) => {
    const { lookup } = names({
      'push.example': [['127.0.0.1']],
      'push.example.': [['127.0.0.1']],
      'a.push.test': [['127.0.0.1']],
    });
    const only = ['push.example', '*.push.test'];
    expect(await post(ANYWHERE, `http://${host}:${receiver.port}/`, { lookup, only })).toMatchObject(
      isOne ? { status: 200 } : { reason: 'host_refused' },
    );
    expect(receiver.connects()).toBe(isOne ? 1 : 0);
  });
});

it.each([
  [301, 'http'],
  [302, 'http'],
  [303, 'http'],
  [307, 'http'],
  [308, 'http'],
  [302, 'file'],
  [302, 'gopher'],
])('a redirect (%i to %s:) is an answer, and leads nowhere', async (status, scheme) => {
  const inside = await listen((_request, response) => response.end());
  const outside = await listen((_request, response) =>
    response.writeHead(status, { location: `${scheme}://127.0.0.1:${inside.port}/` }).end(),
  );
  expect(await post(ANYWHERE, `http://127.0.0.1:${outside.port}/`)).toMatchObject({ status });
  // Whatever followed it would have come before this.
  await post(ANYWHERE, `http://127.0.0.1:${inside.port}/`);
  expect([outside.connects(), inside.connects()]).toEqual([1, 1]);
});

describe('proxies that the environment names', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('are not used', async () => {
    const proxy = await listen((_request, response) => response.end());
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy'])
      vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await post(ANYWHERE, `http://127.0.0.1:${receiver.port}/`)).toMatchObject({ status: 200 });
    expect([proxy.connects(), receiver.connects()]).toEqual([0, 1]);
  });
});

describe('an answer', () => {
  const to = (port: number, timeLimitMs = 300) =>
    post(ANYWHERE, `http://127.0.0.1:${port}/`, { timeLimitMs });

  it('that does not come is waited for so long and no longer', async () => {
    const silent = await listen(() => undefined);
    const outcome = await to(silent.port);
    expect(outcome).toMatchObject({ reason: 'too_slow' });
    expect(outcome.durationMs).toBeLessThan(1_000);
  });

  it('that drips is not waited for either, nor are name servers', async () => {
    const dripping = await listen((request) => {
      request.socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => request.socket.write('a: b\r\n'), 20);
      request.socket.on('close', () => clearInterval(timer));
    });
    expect(await to(dripping.port)).toMatchObject({ reason: 'too_slow' });
    const lookup: LookupFunction = () => undefined;
    const outcome = await post(ANYWHERE, 'http://silent.test/', { lookup, timeLimitMs: 300 });
    expect(outcome).toMatchObject({ reason: 'too_slow' });
  });

  it('whose body never ends is cut off, and the status counts', async () => {
    let sent = 0;
    const closed = vi.fn();
    const endless = await listen((_request, response) => {
      response.on('close', closed).writeHead(200, { 'content-length': String(2 ** 30) });
      const chunk = Buffer.alloc(64 * 1_024);
      const more = (): void => {
        if (response.destroyed) return;
        sent += chunk.length;
        if (response.write(chunk)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    expect(await to(endless.port, 5_000)).toMatchObject({ status: 200 });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
    expect(sent).toBeLessThan(2 ** 24);
  });

  it('that is cut off, or is none, is a failure', async () => {
    const cutting = await listen((request) => void request.socket.resetAndDestroy());
    expect(await to(cutting.port)).toMatchObject({ reason: 'cut_off' });
    const babbling = await listen((request) => void request.socket.end('220 smtp.example ESMTP\r\n'));
    expect(await to(babbling.port)).toMatchObject({ reason: 'cut_off' });
    const wordy = await listen((_request, response) => {
      response.setHeader('x-long', 'a'.repeat(12_000));
      response.end();
    });
    expect(await to(wordy.port)).toMatchObject({ reason: 'cut_off' });
  });

  it('of a receiver whose certificate nobody vouches for is a failure', async () => {
    const server = createTlsServer(ownCertificate, (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await post(ANYWHERE, url)).toMatchObject({ reason: 'certificate_refused' });
  });

  it('comes from so many at once, and of one site so many', async () => {
    const outbound = new Outbound({ reach: ANYWHERE });
    let [now, most] = [0, 0];
    const mostOf = new Map<string, number>();
    const nowOf = new Map<string, number>();
    const work = (site: string) => () => {
      most = Math.max(most, ++now);
      nowOf.set(site, (nowOf.get(site) ?? 0) + 1);
      mostOf.set(site, Math.max(mostOf.get(site) ?? 0, nowOf.get(site) ?? 0));
      return new Promise<void>((resolve) => {
        setTimeout(() => {
          now--;
          nowOf.set(site, (nowOf.get(site) ?? 0) - 1);
          resolve();
        }, 5);
      });
    };
    const sites = Array.from({ length: 200 }, (_, index) => `site-${index < 100 ? 0 : index % 10}`);
    await Promise.all(sites.map((site) => outbound.inTurn(site, work(site))));
    expect([most, mostOf.get('site-0')]).toEqual([20, 6]);
  });
});
