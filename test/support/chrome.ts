import { existsSync } from 'node:fs';

const places = [
  process.env['CHROME'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = places.find((place) => place !== undefined && existsSync(place));
const quiet = [
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How tests start the system's own Chromium. As root it runs without its sandbox, or not at all. */
export const chrome = {
  ...(executablePath ? { executablePath } : {}),
  args: [...quiet, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
};
