import type { OpenAck } from '../../shared/hub-messages.ts';
import { readHubMessage } from './hub-guards.ts';
import type { Role, SharedOptions } from './shared-transport.ts';
import type { SocketTransport } from './socket-transport.ts';
import { ACK_WITHIN_MS, speaker } from './speaker.ts';
import { randomText } from '../ids.ts';
import type { HubMessage } from './transport.ts';

/** What tabs say to one another. */
export type Said =
  | {
      readonly kind: 'ask';
      readonly id: string;
      readonly name: string;
      readonly message: unknown;
    }
  | { readonly kind: 'answer'; readonly id: string; readonly ack: unknown }
  | { readonly kind: 'heard'; readonly name: string; readonly message: unknown }
  | { readonly kind: 'up' }
  /** `isHidden`: browsers let the timers of a hidden tab wait, so it may be long before it comes back. */
  | { readonly kind: 'down'; readonly isHidden: boolean };

/** A hidden tab that has lost its socket is left so long to come back; then others do, at moments of their own. */
const LEFT_FOR_MS = 2_000;
const REPLACED_WITHIN_MS = 5_000;
/** Longer than the one with the socket waits for the hub: a slow hub is no tab that sleeps. */
const ANSWER_WITHIN_MS = ACK_WITHIN_MS + 3_000;
const ENTER_AGAIN_MS = 3_000;

/** What the tab with the socket does for the others. */
export interface Service {
  /** What came down is meant for all. */
  spread(heard: HubMessage): void;
  hear(said: Said): void;
}

export function serveTabs(socket: Pick<SocketTransport, 'ask'>, channel: BroadcastChannel): Service {
  return {
    spread(heard) {
      if (heard.name === 'welcome') tell(channel, { kind: 'up' });
      else if (heard.name === 'closed') tell(channel, { kind: 'down', isHidden: isHidden() });
      else tell(channel, { kind: 'heard', name: heard.name, message: heard.message });
    },
    hear(said) {
      if (said.kind !== 'ask') return;
      const { id, name, message } = said;
      void socket.ask(name, message).then((ack) => {
        tell(channel, { kind: 'answer', id, ack });
        // It may never have had a socket to lose.
        if (ack === null) tell(channel, { kind: 'down', isHidden: isHidden() });
      });
    },
  };
}

/** Speaks through the tab that has the socket. `replace` it, where it does not seem to be there any more. */
export function followTab(options: SharedOptions, channel: BroadcastChannel, replace: () => void): Role {
  const questions = askBy(channel, replace);
  let isDown = false;
  let isOver = false;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  const hear = (name: string, message: unknown) => {
    const heard = readHubMessage(name, message);
    if (heard) options.receive(heard);
  };
  /** Until it is welcomed. */
  const enter = async () => {
    clearTimeout(again);
    const { tab, page } = options;
    const ack = (await questions.ask('open', { tab: tab(), page: page() })) as OpenAck | null;
    if (ack?.ok) hear('welcome', ack.welcome);
    else if (!isOver) {
      const waitMs = (ack?.retryAfter ?? ENTER_AGAIN_MS) * (1 + Math.random());
      again = setTimeout(() => void enter(), waitMs);
    }
  };
  /** Whoever looks at this tab should not wait for one that nobody looks at. */
  const look = () => {
    if (isHidden()) return;
    if (isDown) replace();
    // Also to learn whether the other answers: one that sleeps does not.
    else void enter();
  };
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    questions.hear(data);
    if (data.kind === 'heard') hear(data.name, data.message);
    if (data.kind === 'up') {
      isDown = false;
      void enter();
    }
    if (data.kind === 'down') {
      isDown = data.isHidden;
      // It may say so again and again.
      patience ??= setTimeout(
        () => {
          patience = undefined;
          if (isDown) look();
        },
        LEFT_FOR_MS + Math.random() * REPLACED_WITHIN_MS,
      );
    }
  };
  document.addEventListener('visibilitychange', look);
  void enter();
  return {
    ...speaker(questions.ask, options.tab, options.tab),
    close() {
      document.removeEventListener('visibilitychange', look);
      isOver = true;
      clearTimeout(patience);
      clearTimeout(again);
      questions.close();
    },
  };
}

/** Questions to the tab that has the socket. `isSilent`: one got no answer, and nothing else was heard meanwhile. */
function askBy(channel: BroadcastChannel, isSilent: () => void) {
  const answers = new Map<string, (ack: unknown) => void>();
  let signs = 0;
  return {
    ask: (name: string, message: unknown) =>
      new Promise<unknown>((resolve) => {
        // A tab outlives its pages: what one has asked must not be answered to the next.
        const id = randomText(16);
        const before = signs;
        const answered = (ack: unknown) => {
          clearTimeout(timer);
          answers.delete(id);
          resolve(ack);
        };
        const timer = setTimeout(() => {
          answered(null);
          if (before === signs) isSilent();
        }, ANSWER_WITHIN_MS);
        answers.set(id, answered);
        tell(channel, { kind: 'ask', id, name, message });
      }),
    hear(said: Said) {
      if (said.kind !== 'ask') signs++;
      if (said.kind === 'answer') answers.get(said.id)?.(said.ack);
    },
    close() {
      for (const answered of answers.values()) answered(null);
    },
  };
}

function tell(channel: BroadcastChannel, said: Said): void {
  try {
    channel.postMessage(said);
  } catch {
    // Closed by now, with whom it was for.
  }
}

function isHidden(): boolean {
  return document.visibilityState === 'hidden';
}
