import { expect, it } from 'vitest';
import { z } from 'zod';
import { read } from '../support/deploy-files.ts';

const { packages } = z
  .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
  .parse(JSON.parse(read('package-lock.json')));

/** The oldest versions without the faults that `test/integration/crafted-packets.test.ts` plays. */
const FLOORS = { 'socket.io': '4.6.2', 'socket.io-parser': '4.2.7', ws: '8.21.0' };

it.each(Object.entries(FLOORS))('no copy of %s is older than %s', (name, floor) => {
  const copies = Object.entries(packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .map(([, { version = '' }]) => version);
  expect(copies).not.toEqual([]);
  const older = copies.filter((version) => version.localeCompare(floor, 'en', { numeric: true }) < 0);
  expect(older).toEqual([]);
});
