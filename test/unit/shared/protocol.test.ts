import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ErrorBody } from '../../../shared/errors.ts';
import { HTTP_BODIES } from '../../../shared/http-bodies.ts';
import { ACKS, HUB_MESSAGES } from '../../../shared/hub-messages.ts';
import { Handshake, PAGE_MESSAGES } from '../../../shared/page-messages.ts';
import { OLDEST_SERVED_VERSION, PROTOCOL_HISTORY, PROTOCOL_VERSION } from '../../../shared/protocol.ts';
import { PEOPLE_BODIES } from '../../../shared/people.ts';
import { SiteFile } from '../../../shared/site.ts';
import { KEY_BODIES } from '../../../shared/site-keys.ts';

const FINGERPRINT = '727fab1a119069e5';

const SCHEMAS = {
  ...labelled('page', PAGE_MESSAGES),
  ...labelled('hub', HUB_MESSAGES),
  ...labelled('ack', ACKS),
  ...labelled('http', HTTP_BODIES),
  ...labelled('keys', KEY_BODIES),
  ...labelled('people', PEOPLE_BODIES),
  Handshake,
  ErrorBody,
  SiteFile,
};

function labelled(group: string, schemas: Record<string, z.ZodType>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${group}.${name}`, schema]));
}

function fingerprint(): string {
  const written = Object.entries(SCHEMAS).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  ]);
  return createHash('sha256').update(JSON.stringify(written)).digest('hex').slice(0, 16);
}

it('what travels between page and hub changes only together with the protocol’s version', () => {
  expect(
    fingerprint(),
    'raise PROTOCOL_VERSION and add a line to PROTOCOL_HISTORY, then update this fingerprint',
  ).toBe(FINGERPRINT);
});

it('the history has one line for each version, newest first', () => {
  expect(PROTOCOL_HISTORY).toHaveLength(PROTOCOL_VERSION);
  const versions = PROTOCOL_HISTORY.map((line) => Number.parseInt(line, 10));
  expect(versions).toEqual(versions.map((_, index) => PROTOCOL_VERSION - index));
});

it('the oldest version served is one that there was', () => {
  expect(OLDEST_SERVED_VERSION).toBeGreaterThanOrEqual(1);
  expect(OLDEST_SERVED_VERSION).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
