import type { Chance } from './chance.ts';
import { oddValue } from './odd-json.ts';
import { FRESH_ID_EVERYWHERE, HANDSHAKES, PAGE_BODIES, TOKEN } from './page-bodies.ts';
import { BINARY, closing, frame, PING, PONG, TEXT } from './ws-frames.ts';

/** What is sent at once: one frame of a WebSocket, or bytes that are none. */
export interface Sent {
  readonly bytes: Buffer;
  /** The id under which an answer has to come, unless the hub ends the connection. */
  readonly asks?: number;
  /** What comes after it may be taken for a part of it, or for somebody's who has left: no answer is sure any more. */
  readonly spoils?: true;
}

/** As a page has it in the name of the place where it stands. */
const NAMESPACES = [
  '/',
  '/canary,',
  '/nowhere,',
  '/__proto__,',
  '/constructor,',
  '/?a=b,',
  '/,',
  '/x',
] as const;
const IDS = ['', '0', '00', '1e3', '-1', '999999999999999999999', '1.5', ' ', '٣'] as const;
const NAMES = [
  '"open"',
  '"claim"',
  '"error"',
  '"disconnect"',
  '"connect"',
  '"newListener"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"welcome"',
  '0',
  '-1',
  '1e999',
  'null',
  'true',
  '{}',
  '[]',
  '{"toString":null}',
  '{"_placeholder":true,"num":0}',
  '""',
  String.raw`"\ud800"`,
] as const;
const ATTACHMENTS = [
  '',
  '0-',
  '1-',
  '2-',
  '9-',
  '10-',
  '11-',
  '-1-',
  '1e1-',
  '99999999999-',
  '1.5-',
  'a-',
  '-',
] as const;

/**
 * The frame at a place of a seed. Most keep to the protocol down to the message, which is wrong somewhere; the others break
 * it at each layer: Socket.IO's packets, Engine.IO's, the WebSocket's frames.
 */
export function frameAt(chance: Chance, place: number, ack: number): Sent {
  const kind = chance.below(1_000);
  if (kind < 250) return { bytes: text(`43${chance.below(99)}[${oddValue(chance, 2_000)}]`) };
  if (kind < 900) return asked(chance, place, ack, (body) => body.changed(chance));
  if (kind < 915) return asked(chance, place, ack, (body) => body.text);
  // Most of what follows is a connection's end.
  if (kind < 940) return { bytes: text(oddPacket(chance, place)), spoils: true };
  if (kind < 950) return attachments(chance, place, ack);
  if (kind < 960) return { bytes: text(enginePacket(chance)), spoils: true };
  if (kind < 972) return { bytes: text(damaged(chance, message(chance, place, ack))), spoils: true };
  if (kind < 978) return { bytes: text(handshakeAgain(chance)), spoils: true };
  if (kind < 988) return { bytes: noise(chance), spoils: true };
  return { bytes: oddFrame(chance, place, ack), spoils: true };
}

/** How a page begins; most of them keep to the rules. */
export function openingOf(chance: Chance, token: string): string {
  const body = chance.one(HANDSHAKES);
  const said = chance.once(12) ? body.changed(chance, 2_000) : body.text;
  return `40${said.replace(TOKEN, token)}`;
}

function asked(
  chance: Chance,
  place: number,
  ack: number,
  write: (body: (typeof PAGE_BODIES)[number][1]) => string,
): Sent {
  const [name, body] = chance.one(PAGE_BODIES);
  const said = withIds(write(body), place);
  const more = chance.once(50) ? `,${oddValue(chance, 2_000)}` : '';
  return { bytes: text(`42${ack}["${name}",${said}${more}]`), asks: ack };
}

function message(chance: Chance, place: number, ack: number): string {
  const [name, body] = chance.one(PAGE_BODIES);
  return `42${ack}["${name}",${withIds(body.text, place)}]`;
}

/** Most have been counted before: what is counted anew is written to the disk, which takes a hundred times as long. */
function withIds(body: string, place: number): string {
  const number = place % 16 === 0 ? place : place % 64;
  return body.replace(FRESH_ID_EVERYWHERE, `fuzz-${String(number).padStart(8, '0')}`);
}

function oddPacket(chance: Chance, place: number): string {
  const type = chance.below(10);
  const count = chance.once(3) || type === 5 || type === 6 ? chance.one(ATTACHMENTS) : '';
  const namespace = chance.once(3) ? chance.one(NAMESPACES) : '';
  const [, body] = chance.one(PAGE_BODIES);
  const said = chance.once(2) ? withIds(body.text, place) : oddValue(chance, 2_000);
  const name = chance.once(2) ? chance.one(NAMES) : '"track"';
  const payload = chance.one([`[${name},${said}]`, `[${said}]`, said, '[]', '', '{', `[${name}]`] as const);
  return `4${type}${count}${namespace}${chance.one(IDS)}${payload}`;
}

function attachments(chance: Chance, place: number, ack: number): Sent {
  const given = 1 + chance.below(3);
  const said = chance.one([
    '{"_placeholder":true,"num":0}',
    '{"events":{"_placeholder":true,"num":0}}',
    '{"_placeholder":true,"num":9}',
    '{"_placeholder":true,"num":"splice"}',
    withIds(PAGE_BODIES[0][1].text, place),
  ] as const);
  const parts = Array.from({ length: chance.below(given + 2) }, () =>
    frame(BINARY, chance.bytes(chance.below(64))),
  );
  return { spoils: true, bytes: Buffer.concat([text(`45${given}-${ack}["track",${said}]`), ...parts]) };
}

function enginePacket(chance: Chance): string {
  return (
    chance.one(['0', '1', '2', '3', '4', '5', '6', '7', '9', 'b', 'x', ''] as const) +
    chance.one(['', '', 'probe', '{"sid":"x"}', 'AAAA', '4', '2["track"]', '=', '\u0000'] as const)
  );
}

/** On a connection that has one already, or has left it. */
function handshakeAgain(chance: Chance): string {
  const said = chance.one(HANDSHAKES);
  return chance.one([
    '41',
    '41/,',
    `40${said.text}`,
    '40/canary,{}',
    `40${said.changed(chance, 2_000)}`,
  ] as const);
}

function damaged(chance: Chance, whole: string): string {
  const at = chance.below(whole.length);
  switch (chance.below(4)) {
    case 0:
      return whole.slice(0, at);
    case 1:
      return whole.slice(0, at) + String.fromCharCode(chance.below(0x1_00_00)) + whole.slice(at + 1);
    case 2:
      return `${whole.slice(0, at)}\ufeff${whole.slice(at)}`;
    default:
      return whole.slice(0, at) + whole.slice(chance.below(whole.length));
  }
}

function noise(chance: Chance): Buffer {
  const bytes = chance.bytes(1 + chance.below(80));
  // Bare, as text that is no UTF-8, or as data.
  return chance.once(3) ? bytes : frame(chance.one([TEXT, BINARY] as const), bytes);
}

function oddFrame(chance: Chance, place: number, ack: number): Buffer {
  const whole = Buffer.from(message(chance, place, ack));
  const half = whole.length >> 1;
  switch (chance.below(9)) {
    case 0:
      return Buffer.concat([
        frame(TEXT, whole.subarray(0, half), { isLast: false }),
        frame(0, whole.subarray(half)),
      ]);
    case 1:
      return frame(0, whole);
    case 2:
      return frame(TEXT, whole, { reserved: 1 + chance.below(7) });
    case 3:
      return frame(chance.one([3, 7, 11, 15] as const), whole);
    case 4:
      return frame(TEXT, whole, { isMasked: false });
    case 5:
      return frame(chance.one([PING, PONG] as const), chance.bytes(chance.one([0, 125, 126] as const)));
    case 6:
      return closing(chance.one([0, 999, 1_000, 1_005, 1_006, 4_000, 65_535] as const));
    case 7:
      return frame(TEXT, whole, { claims: chance.one([0, 1, 65_536, 2 ** 32, 2 ** 53] as const) });
    default:
      return frame(TEXT, whole).subarray(0, 1 + chance.below(8));
  }
}

function text(said: string): Buffer {
  return frame(TEXT, Buffer.from(said));
}
