// `npm run setup`: installs what the tests need and is missing. Plain JavaScript, since nothing may be installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, ...words) {
  console.log(`$ ${command} ${words.join(' ')}`);
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${command} failed. The tests need npm packages, redis-server and a Chromium.`);
    process.exit(1);
  }
}

const has = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
const browsers = [
  process.env.CHROME,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const hasBrowser = () => browsers.some((path) => path && existsSync(path));

const lock = `${root}package-lock.json`;
const installed = `${root}node_modules/.package-lock.json`;
if (!existsSync(installed) || statSync(lock).mtimeMs > statSync(installed).mtimeMs)
  run('npm', 'ci', '--no-audit', '--no-fund');

const missing = { 'redis-server': !has('redis-server'), chromium: !hasBrowser() };
const names = Object.keys(missing).filter((name) => missing[name]);
if (names.length > 0 && process.platform === 'darwin') {
  if (missing['redis-server']) run('brew', 'install', 'redis');
  if (missing.chromium) run('brew', 'install', '--cask', 'google-chrome');
} else if (names.length > 0) {
  const sudo = process.getuid() === 0 ? [] : ['sudo'];
  const apt = (...words) => run(...sudo, 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...words);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...names);
}
