import { readdirSync, readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger, FIELDS } from '../../../server/telemetry/logger.ts';

function logged(log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  log(createLogger('trace', stream));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('leaves out every field that is not on its list', () => {
  const [line] = logged((logger) =>
    logger.info(
      { site: 'shop', token: 'cb1.secret', visitor: { shopper: 'x' }, email: 'a@b.example' },
      'hello',
    ),
  );
  expect(line).toMatchObject({ site: 'shop', msg: 'hello' });
  expect(Object.keys(line ?? {}).toSorted()).toEqual(['hostname', 'level', 'msg', 'pid', 'site', 'time']);
});

it('has every field on its list that the hub logs', () => {
  const server = new URL('../../../server/', import.meta.url);
  const files = readdirSync(server, { recursive: true }).map(String);
  const source = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, server), 'utf8'))
    .join('\n');
  const calls = [...source.matchAll(/ogger\.\w+\(\s*\{([^}]*)\}/g)];
  const names = calls.flatMap(([, fields = '']) =>
    fields.split(',').map((field) => field.split(':')[0]?.trim() ?? ''),
  );
  expect(names).toEqual(expect.arrayContaining(['err', 'site', 'faults']));
  for (const name of names) expect([...FIELDS, ''], name).toContain(name);
});

it('tells of an error what it is, not what it carries, down to its causes', () => {
  const cause = Object.assign(new Error('ERR unknown command'), {
    command: { args: ['a@b.example'] },
    code: 'E1',
  });
  const err = Object.assign(new Error('could not be written', { cause }), {
    document: { email: 'a@b.example' },
  });
  const [line] = logged((logger) => logger.child({ node: 'one' }).error({ err }, 'failed'));
  expect(line).toMatchObject({
    node: 'one',
    err: {
      type: 'Error',
      message: 'could not be written',
      cause: { message: 'ERR unknown command', code: 'E1' },
    },
  });
  expect(JSON.stringify(line)).not.toContain('a@b.example');
});
