import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { PlantedFault } from './planted-faults.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}node_modules/.cache/simulate/`;

/** What the simulation runs in place of sockets and of what is drawn. */
const STAND_INS: Readonly<Record<string, string>> = {
  'widget/transports/socket-transport.ts': 'test/simulate/stand-ins/socket-transport.ts',
  'widget/components/cart-bell.ts': 'test/simulate/stand-ins/cart-bell.ts',
  'widget/message-centre.ts': 'test/simulate/stand-ins/message-centre.ts',
  'widget/components/open-panel.ts': 'test/simulate/stand-ins/open-panel.ts',
  'widget/components/card-parts.ts': 'test/simulate/stand-ins/card-parts.ts',
};

const standIns: Plugin = {
  name: 'stand-ins',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (source === 'socket.io') return '\0no-socket.io';
    const found = await this.resolve(source, importer, { skipSelf: true });
    const standIn = found && STAND_INS[found.id.slice(root.length)];
    return standIn ? root + standIn : null;
  },
  load: (id) => (id === '\0no-socket.io' ? 'export class Server {}' : null),
};

function planted(fault: PlantedFault): { plugin: Plugin; places(): number } {
  let places = 0;
  const plugin: Plugin = {
    name: 'planted-fault',
    enforce: 'pre',
    transform(code, id) {
      if (id !== root + fault.file) return null;
      places = code.split(fault.find).length - 1;
      return { code: code.replace(fault.find, () => fault.replace), map: null };
    },
  };
  return { plugin, places: () => places };
}

/** Builds the simulation around the real code, with one fault in it if one is given. Returns the file to run. */
export async function bundle(name: string, fault?: PlantedFault): Promise<string> {
  await mkdir(folder, { recursive: true });
  const plant = fault && planted(fault);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [standIns, ...(plant ? [plant.plugin] : [])],
    ssr: { noExternal: true },
    build: {
      ssr: `${root}test/simulate/worker.ts`,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: `${name}.mjs`, codeSplitting: false } },
    },
  });
  if (fault && plant?.places() !== 1)
    throw new Error(
      `The fault "${fault.name}" is planted where ${fault.file} says ${JSON.stringify(fault.find)}, which it says ${plant?.places()} times. Plant it anew.`,
    );
  return `${folder}${name}.mjs`;
}

export async function discard(file: string): Promise<void> {
  await rm(file, { force: true });
}
