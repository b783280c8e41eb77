import { vi } from 'vitest';

/** A page on which nothing but what a test puts there exists; requests are answered by address. */
export function platformPage(answers: Readonly<Record<string, unknown>>, more: Readonly<object> = {}) {
  const asked: { address: string; headers: unknown }[] = [];
  const [page, root, body] = [new EventTarget(), new EventTarget(), new EventTarget()];
  const observers: ((list: { getEntries(): { name: string }[] }) => void)[] = [];
  vi.stubGlobal('window', Object.assign(page, more));
  vi.stubGlobal(
    'document',
    Object.assign(root, {
      visibilityState: 'visible',
      querySelector: () => null,
      body: Object.assign(body, { className: '', classList: { contains: () => false } }),
    }),
  );
  vi.stubGlobal('location', { origin: 'https://shop.example', pathname: '/products/mug', search: '?q=jo' });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('fetch', (address: string, init: { headers?: unknown }) => {
    asked.push({ address, headers: init.headers });
    const answer = answers[address];
    return answer === undefined
      ? Promise.reject(new TypeError('Failed to fetch'))
      : Promise.resolve(Response.json(answer));
  });
  vi.stubGlobal(
    'PerformanceObserver',
    class {
      constructor(hear: (typeof observers)[number]) {
        observers.push(hear);
      }
      observe(): void {}
      disconnect(): void {}
    },
  );
  return {
    asked,
    page,
    root,
    body,
    /** A request of the page's is over. */
    requested(address: string) {
      for (const hear of observers) hear({ getEntries: () => [{ name: address }] });
    },
  };
}
