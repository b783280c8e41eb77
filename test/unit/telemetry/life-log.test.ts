import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { LifeLog } from '../../../server/telemetry/life-log.ts';

function logging(level: string) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, lives: new LifeLog(pino({ level }, stream)) };
}

const line = { site: 'test', nudge: 'n_1' };

it('a flood of nudges does not become a flood of lines', () => {
  const { lines, lives } = logging('info');
  for (let nudge = 0; nudge < 1_000; nudge++) lives.tell('decided', line);
  expect(lines.length).toBeGreaterThanOrEqual(100);
  expect(lines.length).toBeLessThan(400);
});

it('whoever asks for all of them gets all of them', () => {
  const { lines, lives } = logging('debug');
  for (let nudge = 0; nudge < 1_000; nudge++) lives.tell('decided', line);
  expect(lines).toHaveLength(1_000);
});

it('says nothing where only warnings are asked for', () => {
  const { lines, lives } = logging('warn');
  lives.tell('decided', line);
  expect(lines).toEqual([]);
});
