import { type Fields, isFields } from '../fields.ts';
import type { HubMessage } from './transport.ts';

/**
 * Looks at what arrived before anything is painted from it. By hand: a schema library would weigh more than the rest
 * of the widget.
 */
export function readHubMessage(name: string, message: unknown): HubMessage | null {
  if (!isFields(message)) return null;
  const isValid = Object.hasOwn(VALID, name) && VALID[name as keyof typeof VALID](message);
  return isValid ? ({ name, message } as unknown as HubMessage) : null;
}

/** `ok`, or a reason why not. */
export function isAck(ack: unknown): boolean {
  if (!isFields(ack)) return false;
  return ack['ok'] === true || (ack['ok'] === false && (isText(ack['reason']) || isFields(ack['error'])));
}

const VALID = {
  welcome: (welcome: Fields) =>
    isText(welcome['shopper']) &&
    isText(welcome['token']) &&
    isNumber(welcome['now']) &&
    isNumber(welcome['rev']) &&
    Array.isArray(welcome['nudges']) &&
    welcome['nudges'].every((nudge) => isFields(nudge) && isNudge(nudge)),
  nudge: isNudge,
  withdraw: (withdraw: Fields) => isText(withdraw['id']) && isText(withdraw['reason']),
  // Handed on as it is, to a developer's inspector.
  decision: isFields,
};

function isNudge(nudge: Fields): boolean {
  const { kind, offer, items = [], cta, progress } = nudge;
  return (
    isText(nudge['id']) &&
    isText(nudge['title']) &&
    isNumber(nudge['expiresAt']) &&
    isNumber(nudge['priority']) &&
    (cta === undefined || (isFields(cta) && isText(cta['label']) && isSafeUrl(cta['href']))) &&
    (kind !== 'countdown' || (isFields(offer) && isText(offer['code']) && isNumber(offer['expiresAt']))) &&
    (kind !== 'progress' ||
      (isFields(progress) && isNumber(progress['value']) && isNumber(progress['goal']))) &&
    (kind !== 'inline' || isText(nudge['slot'])) &&
    Array.isArray(items) &&
    items.every(
      (item) =>
        isFields(item) && isText(item['item_name']) && isNumber(item['price']) && isSafeUrl(item['url']),
    )
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isSafeUrl(value: unknown): boolean {
  return isText(value) && /^(?!\/\/)([./#?]|https?:)[^\s\\]*$/.test(value);
}
