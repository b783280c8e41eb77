import { type SocketOptions, socketTransport } from './socket-transport.ts';
import type { Said, Service } from './tabs.ts';
import type { Transport } from './transport.ts';

export interface SharedOptions extends SocketOptions {
  /** Tabs that give the same one share a socket. */
  readonly name: string;
  /** Asked at each opening: a page may have reasons to be on its own. */
  mayShare(): boolean;
  /** Where the page stands. One that connects by itself says so with the handshake. */
  page(): unknown;
}

/** One tab's part in it, for as long as it plays it. */
export type Role = Omit<Transport, 'open'>;

/**
 * One socket for all tabs of a browser that have the shop open. Whichever holds the lock has the socket, the others speak
 * through it by a broadcast channel; when it goes, the next one gets the lock. One that does not answer any more, as a tab
 * that sleeps, loses the lock to whoever has noticed. Without locks or channels each tab has a socket of its own: that a
 * nudge is displayed once at most is the hub's doing, not this one's.
 */
export function sharedTransport(options: SharedOptions): Transport {
  let role: Role | null = null;
  let stop: (() => void) | null = null;
  const play = (next: Role) => void (role = next);
  const alone = () => {
    const socket = socketTransport(options);
    play(socket);
    stop = () => socket.close();
  };
  const open = () => {
    if (stop) return;
    const channel = 'locks' in navigator && options.mayShare() ? channelOf(options.name) : null;
    if (channel) stop = joinTabs(options, channel, { play, replaced, alone });
    else alone();
  };
  const close = () => {
    stop?.();
    stop = role = null;
  };
  const replaced = () => {
    close();
    open();
  };
  open();
  return {
    track: async (events) => role?.track(events) ?? null,
    claim: async (nudge, from) => role?.claim(nudge, from) ?? null,
    open,
    close,
  };
}

/** Most shoppers have one tab: what several need is loaded when there are several. */
const loadTabs = () => import('./tabs.ts');

/** Browsers that have none, or none where storage is denied. */
function channelOf(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}

interface Fate {
  /** From now on it speaks so. */
  play(role: Role): void;
  /** Another tab has taken the lock. */
  replaced(): void;
  /** There is no lock to be had, as in a frame without an origin. */
  alone(): void;
}

/** Returns what ends it. */
function joinTabs(options: SharedOptions, channel: BroadcastChannel, fate: Fate): () => void {
  const given = new AbortController();
  let role: Role | null = null;
  let hasLed = false;
  let letGo = (): void => undefined;

  const take = (how: LockOptions) => {
    navigator.locks
      .request(options.name, how, async (lock) => {
        if (given.signal.aborted) return;
        if (!lock) return follow();
        hasLed = true;
        const before = role;
        before?.close();
        fate.play((role = lead({ ...options, refused }, channel, before !== null)));
        await new Promise<void>((resolve) => (letGo = resolve));
      })
      .catch(() => {
        if (given.signal.aborted || how.signal?.aborted) return;
        close();
        if (hasLed) fate.replaced();
        else fate.alone();
      });
  };
  const follow = async () => {
    const { followTab } = await loadTabs();
    if (given.signal.aborted) return;
    const waiting = new AbortController();
    given.signal.addEventListener('abort', () => waiting.abort());
    role = followTab(options, channel, () => {
      waiting.abort();
      take({ steal: true });
    });
    fate.play(role);
    take({ signal: waiting.signal });
  };
  /** The hub will not have this page; it may have the next one. */
  const refused = (reason: string) => {
    close();
    options.refused(reason);
  };
  const close = () => {
    given.abort();
    role?.close();
    letGo();
    channel.close();
  };
  take({ ifAvailable: true });
  return close;
}

/** Has the socket, and speaks for those who ask it to. */
function lead(options: SharedOptions, channel: BroadcastChannel, isSuccessor: boolean): Role {
  let service: Promise<Service> | null = null;
  const serve = () => (service ??= loadTabs().then(({ serveTabs }) => serveTabs(socket, channel)));
  const socket = socketTransport({
    ...options,
    receive(heard) {
      service?.then(
        ({ spread }) => spread(heard),
        () => undefined,
      );
      options.receive(heard);
    },
  });
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    serve().then(
      ({ hear }) => hear(data),
      // The next one who asks makes it try again.
      () => (service = null),
    );
  };
  // Those who asked the one before wait to be told.
  if (isSuccessor) serve().catch(() => (service = null));
  return socket;
}
