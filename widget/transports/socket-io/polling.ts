import type { Link, LinkHearer } from './link.ts';

const SEPARATOR = '\x1e';

/** One request waits for what the hub says, another one tells what the page says: one at a time, many packets at once. */
export function polling(given: string, { heard, gone }: LinkHearer): Link {
  const over = new AbortController();
  const unsaid: string[] = [];
  let address = given;
  let isSaying = false;

  const ask = async (body?: string): Promise<string> => {
    const request = body === undefined ? {} : { method: 'POST', body };
    const answer = await fetch(address, { ...request, signal: over.signal, cache: 'no-store' });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  };
  const listen = async () => {
    for (;;)
      for (const packet of (await ask()).split(SEPARATOR)) {
        if (packet[0] === '0') address += `&sid=${(JSON.parse(packet.slice(1)) as { sid: string }).sid}`;
        heard(packet);
      }
  };
  const say = async () => {
    isSaying = true;
    while (unsaid.length > 0) await ask(unsaid.splice(0).join(SEPARATOR));
    isSaying = false;
  };
  listen().catch(gone);
  return {
    send(packet) {
      unsaid.push(packet);
      if (!isSaying) say().catch(gone);
    },
    close() {
      over.abort();
      // Otherwise the hub would wait for a while for one that does not come back.
      navigator.sendBeacon(address, '1');
    },
  };
}
