import type { Logger } from 'pino';
import type { Input } from '../core/inputs.ts';
import { noPreferences } from '../core/preferences.ts';
import type { Shopper } from '../core/shopper.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import { declaredEvents, pageInputs } from '../engine/page-inputs.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Refusal, Welcome } from '../../shared/hub-messages.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { ordinaryTrack } from '../../shared/ordinary-track.ts';
import { Claim, Open, PAGE_MESSAGES, Track } from '../../shared/page-messages.ts';
import type { ShopperKey } from '../store/store.ts';
import type { Ack, HubSocket, Visitor } from './hub-socket.ts';
import type { OpenPages } from './open-pages.ts';
import type { Presence } from './presence.ts';
import { openTab, type OpenTab, speakerOf } from './shared-socket.ts';

/** Messages of one socket that may be under way at once; past it the page is told to come back. */
const MOST_UNDER_WAY = 32;
const RETRY_AFTER_MS = 500;

export interface ConnectionParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly pages: Pick<OpenPages, 'welcomed'>;
  readonly presence: Pick<Presence, 'enter'>;
  epoch(): string;
  readonly logger: Logger;
}

/** One socket's life after the handshake: welcome, then parse, hand on, answer. */
export function serveConnection(socket: HubSocket, parts: ConnectionParts): void {
  const { logger } = parts;
  let underWay = 0;

  const answer = async (name: string, message: unknown, ack: Ack) => {
    if (underWay >= MOST_UNDER_WAY) {
      ack(refusalOf(new HubError('busy', 'Too many messages at once.', { retryAfterMs: RETRY_AFTER_MS })));
      return;
    }
    underWay++;
    try {
      ack(await handle(socket, parts, name, message));
    } catch (error) {
      const known = HubError.from(error);
      ack(refusalOf(known));
      if (known.code === 'internal')
        logger.error({ err: error, site: socket.data.visitor.site }, `${name} failed`);
    } finally {
      underWay--;
    }
  };

  // A page may name its message by anything, a number for one.
  socket.onAny((raw: unknown, ...given: unknown[]) => {
    const last = given.at(-1);
    const ack: Ack = typeof last === 'function' ? (last as Ack) : () => undefined;
    void answer(String(raw), given[0], ack);
  });
  socket.on('error', (error: unknown) => logger.debug({ err: error }, 'socket error'));
  void greet(socket, parts);
}

async function handle(
  socket: HubSocket,
  parts: ConnectionParts,
  name: string,
  message: unknown,
): Promise<Parameters<Ack>[0]> {
  const { visitor } = socket.data;
  const { engine, sites } = parts;
  switch (name) {
    case 'open': {
      const { tab, page } = parse(Open, message);
      openTab(socket, tab, page ?? null);
      return { ok: true, welcome: welcomeOf(visitor, await engine.read(keyOf(visitor)), parts.epoch()) };
    }
    case 'track': {
      const { events: given, sentAt, tab } = ordinaryTrack(message) ?? parse(Track, message);
      const events = declaredEvents(given, sites.vocabulary(visitor.site));
      const inputs = pageInputs(events, { tab: tab ?? visitor.tab, sentAt });
      const speaker = speakerOf(socket, tab);
      const opened = openedBy(speaker);
      const all = opened ? [opened, ...inputs] : inputs;
      const { duplicates } = await engine.submit(keyOf(visitor), all);
      if (speaker) speaker.isTold = true;
      return { ok: true, accepted: events.length - duplicates, duplicates };
    }
    case 'claim': {
      const claim = parse(Claim, message);
      const { answer } = await engine.submit(keyOf(visitor), [{ kind: 'claim', ...claim }]);
      if (answer.kind !== 'claim') return { ok: false, reason: 'gone' };
      return answer.granted ? { ok: true } : { ok: false, reason: answer.reason };
    }
    default:
      throw new HubError(
        'invalid',
        `Unknown message "${name.slice(0, 60)}". A page may send ${Object.keys(PAGE_MESSAGES).join(', ')}.`,
      );
  }
}

/** Where the page stands goes with the first events that it reports: whoever only looks leaves no trace. */
function openedBy(speaker: OpenTab | null): Input | null {
  return !speaker?.page || speaker.isTold ? null : { kind: 'page', page: speaker.page };
}

async function greet(socket: HubSocket, parts: ConnectionParts): Promise<void> {
  const { visitor } = socket.data;
  const { engine, presence, pages, epoch, logger } = parts;
  const key = keyOf(visitor);
  try {
    // First it is known where this page is, then it is read what it has missed: nothing falls in between.
    await presence.enter(key);
    // From the reading on nothing is waited for: a push in between would come before the welcome that lacks it.
    const welcome = welcomeOf(visitor, await engine.read(key), epoch());
    pages.welcomed(key, welcome.seq);
    socket.emit('welcome', welcome);
  } catch (error) {
    // Without a welcome a page waits for the next connection, and its events stay in its queue.
    logger.warn({ err: error, site: visitor.site }, 'a shopper could not be welcomed');
    socket.disconnect(true);
  }
}

function welcomeOf(
  visitor: Visitor,
  { document, now }: Awaited<ReturnType<Engine['read']>>,
  epoch: string,
): Welcome {
  return {
    shopper: visitor.shopper,
    token: visitor.token,
    now,
    epoch,
    seq: document?.seq ?? 0,
    rev: document?.rev ?? 0,
    nudges: document ? liveNudges(document, now) : [],
    preferences: document?.preferences ?? noPreferences,
    orderedAt: document?.orders.lastAt ?? null,
    settings: { inspect: visitor.inspect },
  };
}

/** Everything live. Whether this tab may paint it, its claim will tell. */
function liveNudges(shopper: Shopper, now: number): Nudge[] {
  return shopper.nudges.map(({ nudge }) => nudge).filter(({ expiresAt }) => expiresAt > now);
}

function refusalOf({ body, retryAfterMs }: HubError): Refusal {
  return { ok: false, error: body, ...(retryAfterMs === null ? {} : { retryAfter: retryAfterMs }) };
}

function keyOf({ site, shopper }: Visitor): ShopperKey {
  return { site, shopper };
}
