// `npm run demo` on a fresh clone: installs, builds, starts. Plain JavaScript, since nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (command, ...words) => {
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
const newer = (a, b) => !existsSync(b) || statSync(a).mtimeMs > statSync(b).mtimeMs;

if (newer(`${root}package-lock.json`, `${root}node_modules/.package-lock.json`))
  run('npm', 'ci', '--no-audit', '--no-fund');
run('npx', 'vite', 'build', '--logLevel', 'error');
await import('../dist/server/demo.js');
