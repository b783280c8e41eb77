import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ENTRIES = {
  'the widget’s own client': 'widget/transports/socket-transport.ts',
  'Socket.IO’s client': 'test/support/stock-transport.ts',
} as const;
export type ClientName = keyof typeof ENTRIES;

/** A link to a hub as a script that puts `transport.socketTransport` on a page. */
export async function bundleTransport(name: ClientName): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: ENTRIES[name], formats: ['iife'], name: 'transport' },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('Nothing was built.');
  return output.output[0].code;
}
