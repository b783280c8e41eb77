import type { HubSocket } from './hub-socket.ts';

/** What a page may leave unread. A nudge is about 1 kB: whoever leaves that many has gone, or reads nothing any more. */
const MOST_PACKETS = 256;
const MOST_BYTES = 1_000_000;

/** What Engine.IO has of a page that it could not send yet; of its transports only a WebSocket tells what it holds. */
interface Buffers {
  readonly writeBuffer: readonly unknown[];
  readonly transport: { readonly socket?: { readonly bufferedAmount?: number; terminate?(): void } };
  close(discard: boolean): void;
}

/** Whether what is sent to this page only piles up: its buffers grow with everything that is sent on. */
export function isClogged({ conn }: HubSocket): boolean {
  const { writeBuffer, transport } = conn as unknown as Buffers;
  return writeBuffer.length > MOST_PACKETS || (transport.socket?.bufferedAmount ?? 0) > MOST_BYTES;
}

/** Ends a connection without a word: an orderly end would be waited for, and what is sent meanwhile read. */
export function cutOff(connection: Pick<Buffers, 'close' | 'transport'>): void {
  connection.close(true);
  connection.transport.socket?.terminate?.();
}
