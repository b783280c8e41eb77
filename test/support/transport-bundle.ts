import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { smallSocketIo } from '../../vite.config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What lies under Socket.IO's client: its own parts, or those that the widget is built with. */
export type Engine = 'its own engine' | 'the small engine';

/** The widget's transport as a script that puts `transport.socketTransport` on a page. */
export async function bundleTransport(engine: Engine): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    plugins: engine === 'the small engine' ? [smallSocketIo] : [],
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'widget/transports/socket-transport.ts', formats: ['iife'], name: 'transport' },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('Nothing was built.');
  return output.output[0].code;
}
