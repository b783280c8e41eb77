import type { Nudge } from '../shared/nudge.ts';
import type { PageStorage } from './page-storage.ts';

/** A nudge as the inbox keeps it after it has left the page. */
export interface Message extends Pick<
  Nudge,
  'id' | 'title' | 'body' | 'cta' | 'why' | 'about' | 'expiresAt'
> {
  readonly code?: string;
  /** Milliseconds since 1970 by the hub's clock. */
  readonly at: number;
  readonly isRead: boolean;
  /** What it offered has ended before its time. */
  readonly isOver?: true;
}

/** The oldest go first. */
const MOST_MESSAGES = 30;

/** Newest first. Read anew each time: another tab may have changed them. */
export function readMessages(device: PageStorage, key: string): readonly Message[] {
  try {
    const kept: unknown = JSON.parse(device.get(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isMessage) : [];
  } catch {
    return [];
  }
}

export function keepMessages(device: PageStorage, key: string, messages: readonly Message[]): void {
  const text = JSON.stringify(messages.slice(0, MOST_MESSAGES));
  if (text !== (device.get(key) ?? '[]')) device.set(key, text);
}

/** A nudge was seen, or something was done with it. All that the inbox needs of a page that never shows it. */
export function rememberMessage(
  device: PageStorage,
  key: string,
  { id, title, body, cta, why, about, expiresAt, offer }: Nudge,
  { at, isRead }: Pick<Message, 'at' | 'isRead'>,
): void {
  const messages = readMessages(device, key);
  const before = messages.find((message) => message.id === id);
  const message = {
    id,
    title,
    body,
    cta,
    why,
    about,
    code: offer?.code,
    expiresAt: offer?.expiresAt ?? expiresAt,
    at: before?.at ?? at,
    isRead: isRead || before?.isRead === true,
  } as Message;
  keepMessages(device, key, [message, ...messages.filter((other) => other !== before)]);
}

/** Whoever can write here could paint what they like anyway; this is against what an older widget left behind. */
function isMessage(value: unknown): value is Message {
  const { title, at } = (value ?? {}) as Partial<Message>;
  return typeof title === 'string' && typeof at === 'number';
}
