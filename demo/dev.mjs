// `npm run dev`: rebuilds what changes and restarts the demo; a page reloads to see it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const start = (command, words) => spawn(command, words, { cwd: root, stdio: 'inherit' });
const build = start('npx', ['vite', 'build', '--watch', '--logLevel', 'warn']);
const serve = start(process.execPath, ['--watch', '--disable-proto=delete', 'dist/server/demo.js']);
const end = () => {
  build.kill();
  serve.kill();
};
process.once('SIGINT', end);
process.once('SIGTERM', end);
