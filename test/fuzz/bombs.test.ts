import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { SECRET_KEY } from '../support/sample-site.ts';
import { tempDir } from '../support/temp-dir.ts';
import { httpFault } from './answers.ts';
import { BesiegedHub } from './besieged-hub.ts';
import { HttpClient } from './http-client.ts';

const TIMES = 2;
const MOST_KEPT_MB = 20;

/** A gigabyte of nothing, as a hundred parts that belong together. */
const gigabyte = () => Buffer.concat(Array.from({ length: 100 }, () => EMPTY_PART));
const EMPTY_PART = gzipSync(Buffer.alloc(10_000_000));
const deep = (open: string, close: string) => Buffer.from(open.repeat(100_000) + close.repeat(100_000));

const BOMBS: readonly [what: string, body: () => Buffer, head: string][] = [
  ['a gigabyte that is packed', gigabyte, 'Content-Encoding: gzip\r\n'],
  ['lists, 100,000 deep', () => deep('[', ']'), ''],
  ['objects, 100,000 deep', () => deep('{"a":', '}').subarray(0, -100_000), ''],
  [
    'a catalogue of 100,000 levels',
    () => Buffer.concat([Buffer.from('{"products":'), deep('[', ']'), Buffer.from('}')]),
    '',
  ],
  [
    'a million keys',
    () => Buffer.from(`{${Array.from({ length: 1_000_000 }, (_, place) => `"k${place}":0`).join()}}`),
    '',
  ],
  ['a million products that are none', () => Buffer.from(`{"products":[${'0,'.repeat(1_000_000)}0]}`), ''],
  ['a text of 15 MB', () => Buffer.from(`{"products":"${'x'.repeat(15_000_000)}"}`), ''],
];
const DOORS = ['PUT /v1/products', 'POST /v1/track'] as const;

it('each bomb that is known is refused in words, and leaves nothing behind', async () => {
  const hub = await BesiegedHub.open(await tempDir(), onTestFinished);
  const client = new HttpClient(hub.port);
  const send = async (body: Buffer, more: string, door: string) => {
    const [method = '', path = ''] = door.split(' ');
    const head = [
      `${method} ${path} HTTP/1.1`,
      'Host: hub.test',
      `Authorization: Bearer ${SECRET_KEY}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ].join('\r\n');
    return client.ask({
      bytes: Buffer.concat([Buffer.from(`${head}\r\n${more}\r\n`), body]),
      method,
      isWhole: true,
    });
  };
  // The first of each kind may well need more room than there was.
  for (const round of [0, 1]) {
    for (const [what, make, more] of BOMBS) {
      const body = make();
      for (const door of DOORS)
        for (let time = 0; time < TIMES; time++) {
          const answer = await send(body, more, door);
          // Whoever goes on to send what was refused is cut off before they have read why.
          if (answer === null) continue;
          expect([what, door, httpFault(answer)]).toEqual([what, door, null]);
          expect([400, 413, 415]).toContain(answer.status);
        }
    }
    if (round === 0) await hub.isWarm();
  }
  client.close();
  const { faults, keptMb, served } = await hub.end();
  expect(faults).toEqual([]);
  expect(served).toBeGreaterThan(0);
  // What V8 and malloc hold back for the next such body is not counted: it may be many times its size.
  expect(keptMb).toBeLessThan(MOST_KEPT_MB);
});
