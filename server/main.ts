import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

await run({ widgetDir: fileURLToPath(new URL('../widget', import.meta.url)) });
