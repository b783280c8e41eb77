import { fixed, percent, table, whole } from '../bench/table.ts';
import { type Configuration, nameOf } from './configuration.ts';
import { BARE, configurationsOf, type Figures, medianOf, roundsOf } from './figures.ts';
import type { PushFigure } from './push-runs.ts';
import { PACE_PER_SECOND, type Plan, PUSHES_PER_SECOND } from './plan.ts';

export function eventLines({ events }: Figures): string {
  const rows = configurationsOf(events).flatMap((configuration) =>
    (['sparse', 'full'] as const).map((load) => {
      const figure = (pick: (window: (typeof events)[number]['sparse']) => number) =>
        medianOf(events, configuration, (each) => pick(each[load]));
      const bare = medianOf(events, BARE, (each) => each[load].perHubCpuSecond);
      const perCpuSecond = figure((window) => window.perHubCpuSecond);
      return [
        `${nameOf(configuration)}, ${load === 'full' ? 'each nudged' : '1 in 10 nudged'}`,
        whole(figure((window) => window.perSecond)),
        whole(perCpuSecond),
        percent(perCpuSecond / bare),
        fixed(
          figure((window) => window.hubCpuMs),
          0,
        ),
        fixed(
          figure((window) => window.redisCpuMs),
          0,
        ),
        fixed(
          figure((window) => window.ack.p99),
          1,
        ),
        percent(figure((window) => window.generatorBusy)),
        String(roundsOf(events, configuration)),
      ];
    }),
  );
  const head = [
    '',
    'events/s',
    'per hub CPU s',
    'of bare',
    'hub CPU ms/1,000',
    'Redis CPU ms/1,000',
    'ack p99 ms',
    'generator busy',
    'rounds',
  ];
  return [
    '1. The most events/s with durable acks (closed loop), and what they cost all hubs together',
    '',
    table(head, rows),
    '',
    'An event is one message up, with one ack and at most one push down. "Each nudged": the message says as well that the last',
    'nudge was clicked, so Cartbell validates, decides and logs two inputs. Bare Socket.IO answers the same messages, and keeps',
    'nothing. Where the generator is nearly 100 % busy it was the limit, not the hubs.',
  ].join('\n');
}

export function latencyLines({ events }: Figures): string {
  const rows = configurationsOf(events).map((configuration) => {
    const ms = (what: 'ack' | 'nudge' | 'elsewhere', at: 'p50' | 'p99') =>
      fixed(
        medianOf(events, configuration, ({ paced }) => paced[what]?.[at] ?? Number.NaN),
        2,
      );
    return [
      nameOf(configuration),
      ms('ack', 'p50'),
      ms('ack', 'p99'),
      ms('nudge', 'p50'),
      ms('nudge', 'p99'),
      ms('elsewhere', 'p50'),
      ms('elsewhere', 'p99'),
    ];
  });
  const head = ['', 'ack p50 ms', 'p99', 'nudge, same node p50', 'p99', 'nudge, other node p50', 'p99'];
  return [
    `2. ${whole(PACE_PER_SECOND)} events/s, each nudged; with several nodes each shopper has a page on two of them`,
    '',
    table(head, rows),
  ].join('\n');
}

export function rampLines({ events }: Figures): string {
  const rows = events.flatMap((figure) =>
    figure.ramp.map(({ shoppers, offered, perSecond, ackP99, isHeld }, index) => [
      index === 0 ? nameOf(figure) : '',
      whole(shoppers),
      whole(offered),
      whole(perSecond),
      fixed(ackP99, 1),
      isHeld ? 'held' : 'not held',
    ]),
  );
  const head = ['', 'shoppers', 'events/s offered', 'done', 'ack p99 ms', ''];
  return [
    '3. Ever more shoppers and events (1 in 10 nudged), in the first round',
    '',
    table(head, rows),
  ].join('\n');
}

export function socketLines({ sockets }: Figures, { connects }: Plan): string {
  const rows = configurationsOf(sockets).map((configuration) => {
    const figure = (pick: (each: (typeof sockets)[number]) => number) =>
      medianOf(sockets, configuration, pick);
    const seconds = figure(({ connectSeconds }) => connectSeconds);
    const bytes = figure(({ weight }) => weight.rss);
    const most = sockets.find((each) => isOf(each, configuration) && each.most !== null)?.most ?? null;
    return [
      nameOf(configuration),
      fixed(seconds, 2),
      fixed(seconds / medianOf(sockets, BARE, ({ connectSeconds }) => connectSeconds), 2),
      whole(connects / seconds),
      whole(figure(({ perCpuSecond }) => perCpuSecond)),
      whole(figure(({ refusals }) => refusals)),
      fixed(bytes / 1000, 1),
      fixed(bytes / medianOf(sockets, BARE, ({ weight }) => weight.rss), 2),
      fixed(figure(({ weight }) => weight.heap) / 1000, 1),
      most ? whole(most.open) : '-',
      most ? fixed(most.weight.rss / 1000, 1) : '-',
      most ? fixed(most.ackP99, 1) : '-',
      String(roundsOf(sockets, configuration)),
    ];
  });
  const head = [
    '',
    's',
    'of bare',
    'per s',
    'per CPU s',
    'sent away',
    'kB each',
    'of bare',
    'heap kB',
    'open in the end',
    'kB each',
    'ack p99 ms',
    'rounds',
  ];
  return [
    `4. ${whole(connects)} shoppers connect and stay idle; then as many as one node is to hold, of whom some send ${PACE_PER_SECOND} events/s`,
    '',
    table(head, rows),
    '',
    'kB each: RSS after garbage collection, less what it was before, over all nodes. A hub lets 1,000 pages a second in; those',
    'whom it sends away come back after about a second, as the widget does.',
  ].join('\n');
}

export function pushLines({ pushes }: Figures): string {
  const configurations = configurationsOf(pushes);
  const figure = (of: Configuration, digits: number, pick: (each: PushFigure) => number) =>
    fixed(medianOf(pushes, of, pick), digits);
  const cost = (of: Configuration, where: 'apart' | 'here') =>
    (['sender', 'receiver', 'others', 'redis'] as const).map((who) =>
      figure(of, 0, (each) => each[where][who]),
    );
  const apart = configurations.map((of) =>
    [nameOf(of), cost(of, 'apart')]
      .concat([
        figure(of, 2, ({ nudge }) => nudge.p50),
        figure(of, 2, ({ nudge }) => nudge.p99),
        figure(of, 2, ({ elsewhere }) => elsewhere?.p50 ?? Number.NaN),
        figure(of, 2, ({ elsewhere }) => elsewhere?.p99 ?? Number.NaN),
        String(roundsOf(pushes, of)),
      ])
      .flat(),
  );
  const here = configurations.map((of) =>
    [nameOf(of), cost(of, 'here'), figure(of, 1, ({ restBusy }) => restBusy * 100)].flat(),
  );
  const costs = ['CPU µs per message', 'first node', 'second node', 'every other', 'Redis'];
  const times = ['nudge, first node p50 ms', 'p99', 'second node p50', 'p99', 'rounds'];
  return [
    `5. ${PUSHES_PER_SECOND} messages/s on the first node, by shoppers who have a page on the second one as well: both get the nudge`,
    '',
    table([...costs, ...times], apart),
    '',
    'The same by shoppers whose page is on the first node: what the others do then is not for the push',
    '',
    table([...costs, 'a node at rest, % of a core'], here),
    '',
    'CPU is what a node takes beyond what it takes at rest. The adapters ack and emit to a room. Cartbell validates, decides and',
    'commits two inputs, and acks, before it pushes; and each hub reads what was logged, wherever that was decided.',
  ].join('\n');
}

/** Where the disk was slow, Redis was, and that is not what is to be measured. */
export function diskLines({ events, pushes }: Figures): string[] {
  return [...events, ...pushes]
    .filter(({ delayedSyncs }) => delayedSyncs > 0)
    .map(
      (figure) =>
        `${nameOf(figure)}, round ${figure.round + 1}: Redis held back writes ${figure.delayedSyncs} times, as the disk was slow`,
    );
}

function isOf(figure: Configuration, { kind, nodes }: Configuration): boolean {
  return figure.kind === kind && figure.nodes === nodes;
}
