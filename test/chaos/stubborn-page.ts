import { randomUUID } from 'node:crypto';
import { openPage, type Page } from '../support/page.ts';

const BACK_AFTER_MS = 100;
const ANSWER_WITHIN_MS = 3_000;

type Answer = 'acked' | 'busy' | 'refused' | 'none';

/** A page that comes back whenever it is let go, and does not wait for an answer for ever. */
export async function stubbornPage(hub: string): Promise<Page & { try(name: string): Promise<Answer> }> {
  const page = await openPage(hub);
  page.socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') setTimeout(() => page.socket.connect(), BACK_AFTER_MS);
  });
  return Object.assign(page, {
    async try(name: string): Promise<Answer> {
      const order = name === 'purchase' ? { transaction_id: randomUUID() } : {};
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), ANSWER_WITHIN_MS);
      });
      const item = { item_id: 'mug', item_name: 'Stoneware mug', price: 18.5, quantity: 2 };
      // One that is cut off gets no answer.
      const asked = page.track(name, { items: [item], ...order }).catch(() => null);
      const ack = await Promise.race([asked, late]);
      clearTimeout(timer);
      if (ack === null) return 'none';
      if (ack.ok) return 'acked';
      return ack.retryAfter === undefined ? 'refused' : 'busy';
    },
  });
}
