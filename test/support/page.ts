import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import type { ClaimAck, TrackAck, Welcome } from '../../shared/hub-messages.ts';
import type { Nudge } from '../../shared/nudge.ts';
import { ORIGIN, PUBLISHABLE_KEY } from './sample-site.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A page of a shop as the hub sees it: a real socket, and everything that came down on it. */
export interface Page {
  readonly socket: Socket;
  readonly tab: string;
  /** What the hub said in its last welcome. */
  readonly welcome: Welcome;
  readonly nudges: Nudge[];
  readonly withdrawn: { id: string; reason: string; keeper?: string }[];
  readonly acked: string[];
  /** Sends one event and resolves with the hub's answer. */
  track(name: string, params?: Fields, more?: Fields): Promise<TrackAck>;
  claim(nudge: string, from?: 'push' | 'page'): Promise<ClaimAck>;
  /** Resolves when the condition holds, looked at whenever something comes in. */
  until<T>(condition: () => T | undefined | false): Promise<T>;
  close(): void;
}

export const mug = { item_id: 'mug', item_name: 'Stoneware mug', price: 18.5, quantity: 2 };

export async function openPage(
  hub: string,
  auth: Fields = {},
  headers: Readonly<Record<string, string>> = { origin: ORIGIN },
): Promise<Page> {
  const tab = `tab-${randomUUID()}`.slice(0, 40);
  const socket = io(hub, {
    transports: ['websocket'],
    forceNew: true,
    timeout: 2_000,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    auth: { site: PUBLISHABLE_KEY, tab, ...auth },
    extraHeaders: headers,
  });
  onTestFinished(() => void socket.disconnect());
  const state = { welcome: null as Welcome | null, rev: 0 };
  const nudges: Nudge[] = [];
  const withdrawn: Page['withdrawn'] = [];
  const acked: string[] = [];
  const waiting = new Set<() => void>();
  const look = () => {
    for (const check of waiting) check();
  };
  socket.on('welcome', (welcome: Welcome) => {
    state.welcome = welcome;
    socket.auth = { site: PUBLISHABLE_KEY, tab, ...auth, token: welcome.token };
    look();
  });
  socket.on('nudge', (nudge: Nudge) => {
    nudges.push(nudge);
    look();
  });
  socket.on('withdraw', (withdraw: Page['withdrawn'][number]) => {
    withdrawn.push(withdraw);
    look();
  });
  const until = <T>(condition: () => T | undefined | false) =>
    new Promise<T>((resolve) => {
      const check = () => {
        const value = condition();
        if (value === undefined || value === false) return;
        waiting.delete(check);
        resolve(value);
      };
      waiting.add(check);
      check();
    });
  const refused = new Promise<never>((_, reject) => {
    socket.once('connect_error', (error) => reject(error));
  });
  const first = await Promise.race([until(() => state.welcome ?? undefined), refused]);
  socket.removeAllListeners('connect_error');
  refused.catch(() => undefined);
  return {
    socket,
    tab,
    get welcome() {
      return state.welcome ?? first;
    },
    nudges,
    withdrawn,
    acked,
    until,
    async track(name, params = {}, more = {}) {
      const event = { id: randomUUID(), name, at: Date.now(), rev: ++state.rev, params, ...more };
      const ack = (await socket.emitWithAck('track', { events: [event] })) as TrackAck;
      if (ack.ok) acked.push(event.id);
      return ack;
    },
    async claim(nudge, from = 'push') {
      return (await socket.emitWithAck('claim', { nudge, tab, from })) as ClaimAck;
    },
    close: () => void socket.disconnect(),
  };
}
