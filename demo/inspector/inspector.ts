import { Panel } from './panel.ts';

interface Frame {
  readonly direction: 'up' | 'down';
  readonly name: string;
  readonly message: Record<string, unknown>;
}

/** Shows what travels between this page and the hub, and why each rule fired or did not. Off without `?inspect`. */
if (new URLSearchParams(location.search).has('inspect')) {
  const panel = new Panel();
  const page = window as Window & { cartbell?: ((...call: unknown[]) => void) & { q?: unknown[] } };
  if (!page.cartbell) {
    const calls: unknown[] = [];
    page.cartbell = Object.assign((...call: unknown[]) => void calls.push(call), { q: calls });
  }
  page.cartbell('inspect', (frame: Frame) => show(panel, frame));
}

function show(panel: Panel, { direction, name, message }: Frame): void {
  const time = new Date().toLocaleTimeString('en-GB');
  if (name === 'decision') {
    const reasons = message['reasons'] as Record<string, unknown>[];
    panel.add('decision', `${time} decision on ${String(message['input'])}`, reasons.map(inWords));
    return;
  }
  panel.add(direction, `${time} ${name}`, [JSON.stringify(message, null, 1).replace(/\n\s*/g, ' ')]);
}

function inWords({ rule, result, by, ...details }: Record<string, unknown>): string {
  if (result === 'fired') return `${String(rule)}: fired`;
  const facts = Object.entries(details).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return `${String(rule)}: held by ${String(by)}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}
