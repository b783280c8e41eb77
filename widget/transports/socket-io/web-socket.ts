import type { Link, LinkHearer } from './link.ts';

export function webSocket(address: string, { heard, gone }: LinkHearer): Link {
  let socket: WebSocket;
  try {
    socket = new WebSocket(address.replace(/^http/, 'ws'));
  } catch {
    // On a page that is secure, to a hub that is not.
    queueMicrotask(gone);
    return { send: () => undefined, close: () => undefined };
  }
  socket.onmessage = ({ data }) => heard(String(data));
  // One that the page's own policy forbids has an error and no end.
  socket.onerror = socket.onclose = gone;
  return { send: (packet) => socket.send(packet), close: () => socket.close() };
}
