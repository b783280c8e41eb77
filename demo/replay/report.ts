import type { Totals } from '../../server/analytics/totals.ts';
import type { LoggedEvent } from './shop-log.ts';
import type { Played } from './player.ts';

const number = new Intl.NumberFormat('en');

/** What the hub holds after a replay, beside what the file says; `agrees`: the two are the same, and the carts add up. */
export function reportOn(
  events: readonly LoggedEvent[],
  played: Played,
  totals: Totals,
): { text: string; agrees: boolean } {
  const names = [...new Set(events.map(({ name }) => name))].sort();
  const counts = names.map((name) => ({
    name,
    file: events.filter((event) => event.name === name).length,
    hub: totals.events[name] ?? 0,
  }));
  const carts = cartsIn(totals);
  const agrees =
    counts.every(({ file, hub }) => file === hub) && carts.addUp && played.duplicates === played.sentTwice;
  const lines = [
    '',
    `${number.format(played.shoppers)} shoppers, ${number.format(played.acked)} events acked; ${number.format(played.sentTwice)} were sent twice on purpose, and the hub knew ${number.format(played.duplicates)} of them`,
    '',
    row('event', 'in the file', 'in the hub'),
    ...counts.map(({ name, file, hub }) => row(name, number.format(file), number.format(hub))),
    '',
    `carts: ${carts.started} started = ${carts.purchased} purchased + ${carts.recovered} recovered (abandoned, then bought) + ${carts.emptied} emptied + ${carts.open} open`,
    `       ${carts.abandoned} were abandoned at some time: ${carts.recovered} recovered, the others not`,
    `nudges: ${totals.nudges['decided'] ?? 0} decided, ${played.nudges} received by shoppers who were still there`,
    '',
    agrees ? 'File and hub agree.' : 'FILE AND HUB DO NOT AGREE.',
  ];
  return { text: lines.join('\n'), agrees };
}

function cartsIn({ carts }: Totals) {
  const of = (step: string) => carts[step] ?? 0;
  const [started, purchased, recovered, emptied, abandoned] = [
    of('started'),
    of('purchased'),
    of('recovered'),
    of('emptied'),
    of('abandoned'),
  ];
  const open = started - purchased - recovered - emptied;
  // When the log is over and every cut-off has passed, a cart that is open is one that was abandoned.
  const addUp =
    open >= 0 && abandoned >= recovered && abandoned <= open + recovered + emptied && open <= abandoned;
  return { started, purchased, recovered, emptied, abandoned, open, addUp };
}

function row(name: string, file: string, hub: string): string {
  return name.padEnd(20) + file.padStart(12) + hub.padStart(12);
}
