import { Emitter } from '@socket.io/component-emitter';

/**
 * Stands in for `socket.io-parser` under `socket.io-client` in the built widget: packets of text, which are all that a hub
 * and a page say to each other. https://github.com/socketio/socket.io-protocol
 */
export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
};
export const protocol = 5;

interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number;
  readonly data?: unknown;
}

export class Encoder {
  encode({ type, nsp, id, data }: Packet): string[] {
    return [
      `${type}${nsp === '/' ? '' : `${nsp},`}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`,
    ];
  }
}

export class Decoder extends Emitter<{ decoded(packet: Packet): void }, { decoded(packet: Packet): void }> {
  /** Throws where it is none. */
  add(text: string): void {
    const [, type, nsp = '/', id, json] = /^([0-4])(?:(\/[^,]*),?)?(\d+)?(.*)$/s.exec(text) ?? [];
    const packet = {
      type: Number(type),
      nsp,
      ...(id ? { id: Number(id) } : {}),
      ...(json ? { data: JSON.parse(json) as unknown } : {}),
    };
    if (!isPacket(packet)) throw new Error('invalid payload');
    this.emit('decoded', packet);
  }

  /** Nothing is ever half there. */
  destroy(): void {}
}

function isPacket({ type, data }: Packet): boolean {
  if (type === PacketType.EVENT) return Array.isArray(data) && typeof data[0] === 'string';
  if (type === PacketType.ACK) return Array.isArray(data);
  if (type === PacketType.DISCONNECT) return data === undefined;
  return typeof data === 'object' && data !== null;
}
