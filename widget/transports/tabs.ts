import type { OpenAck } from '../../shared/hub-messages.ts';
import { readHubMessage } from './hub-guards.ts';
import type { Role, SharedOptions } from './shared-transport.ts';
import { ACK_WITHIN_MS, type SocketTransport } from './socket-transport.ts';
import { speaker } from './speaker.ts';
import type { HubMessage } from './transport.ts';

/** What tabs say to one another. */
export type Said =
  | {
      readonly kind: 'ask';
      readonly tab: string;
      readonly id: number;
      readonly name: string;
      readonly message: unknown;
    }
  | { readonly kind: 'answer'; readonly tab: string; readonly id: number; readonly ack: unknown }
  | { readonly kind: 'heard'; readonly name: string; readonly message: unknown }
  | { readonly kind: 'up' }
  /** `isHidden`: browsers let the timers of a hidden tab wait, so it may be long before it comes back. */
  | { readonly kind: 'down'; readonly isHidden: boolean };

/** A hidden tab that has lost its socket is left so long to come back; then others do, at moments of their own. */
const LEFT_FOR_MS = 2_000;
const REPLACED_WITHIN_MS = 5_000;

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
      const { tab, id, name, message } = said;
      void socket.ask(name, message).then((ack) => tell(channel, { kind: 'answer', tab, id, ack }));
    },
  };
}

/** Speaks through the tab that has the socket. `replace` it, where it does not seem to be there any more. */
export function followTab(options: SharedOptions, channel: BroadcastChannel, replace: () => void): Role {
  const questions = askBy(channel, options.tab(), replace);
  let isDown = false;
  let patience: ReturnType<typeof setTimeout> | undefined;

  const hear = (name: string, message: unknown) => {
    const heard = readHubMessage(name, message);
    if (heard) options.receive(heard);
  };
  const enter = async () => {
    const { tab, page } = options;
    const ack = (await questions.ask('open', { tab: tab(), page: page() })) as OpenAck | null;
    if (ack?.ok) hear('welcome', ack.welcome);
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
      clearTimeout(patience);
      const waitMs = LEFT_FOR_MS + Math.random() * REPLACED_WITHIN_MS;
      patience = setTimeout(() => isDown && look(), waitMs);
    }
  };
  document.addEventListener('visibilitychange', look);
  void enter();
  return {
    ...speaker(questions.ask, options.tab, options.tab),
    close() {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(patience);
      questions.close();
    },
  };
}

/** Questions to the tab that has the socket. `isSilent`: one got no answer, and nothing else was heard meanwhile. */
function askBy(channel: BroadcastChannel, tab: string, isSilent: () => void) {
  const answers = new Map<number, (ack: unknown) => void>();
  let asked = 0;
  let signs = 0;
  return {
    ask: (name: string, message: unknown) =>
      new Promise<unknown>((resolve) => {
        const id = asked++;
        const before = signs;
        const answered = (ack: unknown) => {
          clearTimeout(timer);
          answers.delete(id);
          resolve(ack);
        };
        const timer = setTimeout(() => {
          answered(null);
          if (before === signs) isSilent();
        }, ACK_WITHIN_MS);
        answers.set(id, answered);
        tell(channel, { kind: 'ask', tab, id, name, message });
      }),
    hear(said: Said) {
      if (said.kind !== 'ask') signs++;
      if (said.kind === 'answer' && said.tab === tab) answers.get(said.id)?.(said.ack);
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
