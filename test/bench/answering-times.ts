import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { io } from 'socket.io-client';
import type { Nudge } from '../../shared/nudge.ts';
import { ORIGIN, PUBLISHABLE_KEY, SECRET_KEY, writeOfferSiteFile } from './bench-site.ts';
import { mannWhitneyP } from './mann-whitney.ts';
import { ADMIN_KEY, makeOtherSite } from './other-site.ts';
import { median } from './percentiles.ts';
import { startServer } from './servers.ts';
import type { Workshop } from './workshop.ts';

/** How long a hub takes to say no, of what there is and of what there is not. */
export interface AnsweringTimes {
  readonly about: About;
  readonly samples: number;
  readonly thereMs: number;
  readonly notThereMs: number;
  /** How likely times that differ so much are where nothing can be told from them (Mann-Whitney). */
  readonly p: number;
}

/** What one site asks of another’s, and a stranger of an account; and what can be told, for comparison. */
export const ABOUT = [
  'another site’s shopper',
  'another site’s code',
  'an account',
  'the site’s own shopper',
] as const;
export type About = (typeof ABOUT)[number];
/** Whose times are to be different: where they look alike, nothing is to be read from the others either. */
export const TOLD_APART: About = 'the site’s own shopper';

/** Times that differ more are taken to tell something. */
export const LEAST_P = 0.01;

interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly key?: string;
  readonly body?: object;
}

interface Question {
  readonly samples: number;
  readonly there: readonly Ask[];
  readonly notThere: readonly Ask[];
}

const SAMPLES = 5_000;
/** To look at a password takes tens of milliseconds. */
const PASSWORD_SAMPLES = 100;
const WARM_UP_PART = 0.1;
/** All of them are asked about again and again, so that a hub remembers those that there are not as well. */
const NAMES = 100;
const EMAIL = 'jo@shop.bench';
const PASSWORD = 'a password of the benchmark';

export async function measureAnsweringTimes(workshop: Workshop, pins: boolean): Promise<AnsweringTimes[]> {
  const env = { LIMITS: 'off', ADMIN_KEY };
  const server = startServer('cartbell', workshop, pins, writeOfferSiteFile, env);
  const url = await server.line(/"url":"(http:[^"]+)"/);
  const { secret } = await makeOtherSite(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (one: Ask) => answerTo(url, agent, one);
  await makeAccount(ask);
  const known = await Promise.all(Array.from({ length: NAMES }, () => shopperWithCode(url)));
  const asked = questionsAbout(known, secret);
  const times: AnsweringTimes[] = [];
  for (const about of ABOUT) times.push(await compareTwice(about, asked[about], ask));
  agent.destroy();
  await server.stop();
  return times;
}

function questionsAbout(known: readonly Known[], stranger: string): Record<About, Question> {
  const strangers = known.map(() => randomBytes(16).toString('base64url'));
  const shoppers = (key: string, samples: number): Question => {
    const reasons = (id: string): Ask => ({ method: 'GET', path: `/v1/shoppers/${id}/reasons`, key });
    return { samples, there: known.map(({ shopper }) => reasons(shopper)), notThere: strangers.map(reasons) };
  };
  const redeem = (code: string): Ask => ({
    method: 'POST',
    path: `/v1/coupons/${code}/redeem`,
    key: stranger,
    body: { orderId: 'order' },
  });
  const signIn = (email: string): Ask => ({
    method: 'POST',
    path: '/v1/sign-in',
    body: { email, password: 'not that password' },
  });
  return {
    'another site’s shopper': shoppers(stranger, SAMPLES),
    'another site’s code': {
      samples: SAMPLES,
      there: known.map(({ code }) => redeem(code)),
      notThere: known.map(({ code }) => redeem(madeUpLike(code))),
    },
    'an account': {
      samples: PASSWORD_SAMPLES,
      there: [signIn(EMAIL)],
      notThere: [signIn('nobody@shop.bench')],
    },
    'the site’s own shopper': shoppers(SECRET_KEY, SAMPLES / 10),
  };
}

/** One time in a hundred nothing at all looks like something: then it is looked at once more. */
async function compareTwice(
  about: About,
  question: Question,
  ask: (one: Ask) => Promise<Answer>,
): Promise<AnsweringTimes> {
  const first = await compare(about, question, ask);
  return first.p > LEAST_P || about === TOLD_APART ? first : compare(about, question, ask);
}

async function compare(
  about: About,
  { samples, there, notThere }: Question,
  ask: (one: Ask) => Promise<Answer>,
): Promise<AnsweringTimes> {
  const sides = [
    { asks: there, ms: [] as number[] },
    { asks: notThere, ms: [] as number[] },
  ] as const;
  const answers = new Set<string>();
  for (let count = -WARM_UP_PART * samples; count < samples; count++)
    // Whichever comes second finds the hub warm from the first.
    for (const { asks, ms } of randomInt(2) === 0 ? sides : sides.toReversed()) {
      const one = asks[Math.abs(count) % asks.length];
      if (!one) continue;
      const answer = await ask(one);
      answers.add(answer.said);
      if (count >= 0) ms.push(answer.ms);
    }
  if ((answers.size === 1) === (about === TOLD_APART))
    throw new Error(`Asked about ${about}, a hub says ${[...answers].join(' or ')}`);
  const [{ ms: thereMs }, { ms: notThereMs }] = sides;
  const p = mannWhitneyP(thereMs, notThereMs);
  return { about, samples, thereMs: median(thereMs), notThereMs: median(notThereMs), p };
}

interface Answer {
  readonly ms: number;
  /** Status and body. */
  readonly said: string;
}

async function answerTo(url: string, agent: Agent, { method, path, key, body }: Ask): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'sec-fetch-site': 'same-origin',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const startedAt = performance.now();
  const asking = request(url + path, { method, agent, headers });
  asking.end(body && JSON.stringify(body));
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const said = await text(response);
  return { ms: performance.now() - startedAt, said: `${response.statusCode} ${said}` };
}

async function makeAccount(ask: (one: Ask) => Promise<Answer>): Promise<void> {
  const invited = await ask({
    method: 'POST',
    path: '/v1/sites/bench/people',
    key: ADMIN_KEY,
    body: { email: EMAIL, role: 'owner' },
  });
  const [, token] = /"token":"([^"]+)"/.exec(invited.said) ?? [];
  const body = { token, password: PASSWORD };
  const accepted = await ask({ method: 'POST', path: '/v1/invitations/accept', body });
  if (!accepted.said.startsWith('200')) throw new Error(`There is no account: ${accepted.said}`);
}

interface Known {
  readonly shopper: string;
  readonly code: string;
}

async function shopperWithCode(url: string): Promise<Known> {
  const socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    auth: { site: PUBLISHABLE_KEY },
    extraHeaders: { origin: ORIGIN },
  });
  const [{ shopper }] = (await once(socket as never, 'welcome')) as [{ shopper: string }];
  const nudged = once(socket as never, 'nudge') as Promise<[Nudge]>;
  const item = { item_id: 'item-1', price: 10, quantity: 1 };
  const params = { currency: 'EUR', value: 10, items: [item] };
  const event = { id: randomBytes(16).toString('hex'), name: 'add_to_cart', at: Date.now(), rev: 1, params };
  socket.emit('track', { events: [event] }, () => undefined);
  const [{ offer }] = await nudged;
  socket.disconnect();
  return { shopper, code: offer?.code ?? '' };
}

/** Of the same form and length. */
function madeUpLike(code: string): string {
  const used = code.replaceAll('-', '');
  return code.replace(/[^-]/g, () => used[randomInt(used.length)] ?? '');
}
