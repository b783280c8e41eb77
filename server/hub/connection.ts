import type { Logger } from 'pino';
import type { Input } from '../core/inputs.ts';
import { noPreferences } from '../core/preferences.ts';
import { orderedAt, type Shopper } from '../core/shopper.ts';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { SiteBudgets } from '../limits/site-budgets.ts';
import { declaredEvents, pageInputs } from '../engine/page-inputs.ts';
import type { SiteRegistry } from '../engine/site-registry.ts';
import type { Refusal, Welcome } from '../../shared/hub-messages.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { ordinaryTrack } from '../../shared/ordinary-track.ts';
import { Claim, Open, PAGE_MESSAGES, Track } from '../../shared/page-messages.ts';
import type { ShopperKey } from '../store/store.ts';
import { hearBound } from './bound-browser.ts';
import type { Ack, HubSocket, Visitor } from './hub-socket.ts';
import { leave, type OpenPages } from './open-pages.ts';
import type { Presence } from './presence.ts';
import { refusedMessage } from './refused-message.ts';
import { openTab, type OpenTab, speakerOf } from './shared-socket.ts';

/** Messages of one socket that may be under way at once; past it the page is told to come back. */
const MOST_UNDER_WAY = 32;
const RETRY_AFTER_MS = 500;
const COME_IN_ANEW_MS = 300;

export interface ConnectionParts {
  readonly engine: Engine;
  readonly sites: SiteRegistry;
  readonly pages: Pick<OpenPages, 'welcomed' | 'answering'>;
  readonly presence: Pick<Presence, 'enter'>;
  readonly budgets: SiteBudgets;
  epoch(): string;
  readonly logger: Logger;
}

/** One socket's life after the handshake: welcome, then parse, hand on, answer. */
export function serveConnection(socket: HubSocket, parts: ConnectionParts): void {
  const { logger, pages } = parts;
  let underWay = 0;

  const answer = async (name: string, message: unknown, ack: Ack) => {
    pages.answering(socket);
    const refused =
      underWay >= MOST_UNDER_WAY ? tooManyAtOnce() : refusedMessage(socket, parts.budgets, message);
    if (refused) {
      ack(refusalOf(refused));
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
      const declared = declaredEvents(given, sites.vocabulary(visitor.site));
      const { site, binding } = visitor;
      // Few are bound, and a promise less for each event is worth a line.
      const { events, duplicates: known } = binding
        ? await hearBound(engine, site, binding, declared, sentAt)
        : { events: declared, duplicates: 0 };
      const inputs = pageInputs(events, { tab: tab ?? visitor.tab, sentAt });
      const speaker = speakerOf(socket, tab);
      const opened = openedBy(speaker, visitor.from);
      const all = opened ? [opened, ...inputs] : inputs;
      const { duplicates, unkept } = await engine.submit(keyOf(visitor), all);
      if (speaker) speaker.isTold = unkept === 0;
      const accepted = events.length - duplicates - unkept;
      return { ok: true, accepted, duplicates: duplicates + known };
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

function tooManyAtOnce(): HubError {
  return new HubError('busy', 'Too many messages at once.', { retryAfterMs: RETRY_AFTER_MS });
}

/**
 * Where the page stands goes with the first events that it reports: whoever only looks leaves no trace. Of a tab that nobody has opened
 * it is known at least from where it speaks, each time.
 */
function openedBy(speaker: OpenTab | null, from: string | null): Input | null {
  if (speaker?.isTold || (!speaker?.page && from === null)) return null;
  return { kind: 'page', page: speaker?.page ?? {}, ...(from === null ? {} : { from }) };
}

async function greet(socket: HubSocket, parts: ConnectionParts): Promise<void> {
  const { visitor } = socket.data;
  const { engine, presence, pages, epoch, logger } = parts;
  const key = keyOf(visitor);
  try {
    // First it is known where this page is, then it is read what it has missed: nothing falls in between.
    await presence.enter(key);
    // From the reading on nothing is waited for: a push in between would come before the welcome that lacks it.
    const known = await engine.read(key);
    // It has changed since the page was let in, or this hub was the last to hear.
    if (!isStill(visitor, known)) return leave(socket, COME_IN_ANEW_MS);
    const welcome = welcomeOf(visitor, known, epoch());
    pages.welcomed(key, welcome.seq);
    socket.emit('welcome', welcome);
  } catch (error) {
    // Without a welcome a page waits for the next connection, and its events stay in its queue.
    logger.warn({ err: error, site: visitor.site }, 'a shopper could not be welcomed');
    socket.disconnect(true);
  }
}

/** Whether the page speaks for whom it was let in as. */
function isStill({ binding }: Visitor, { document, isErased }: Awaited<ReturnType<Engine['read']>>): boolean {
  if (isErased || document?.departed || document?.isEnding) return false;
  return !binding || document?.bindings?.some(({ id }) => id === binding.id) === true;
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
    orderedAt: document ? orderedAt(document) : null,
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
