import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../../support/deploy-files.ts';

/** What no commit holds: git is not asked, since whoever runs this may have no git. */
const ELSEWHERE = /^(node_modules|dist|coverage|__screenshots__|\.(git|data|cache))$|\.(png|tsbuildinfo)$/;

/** The forms of keys by which those who issue them let them be found. */
const SECRETS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY/,
  'a key of AWS': /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  'a token of GitHub': /\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{30,}|:_(authToken|auth|password) *=/,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  'a key of Google': /\bAIza[\w-]{35}/,
  'a live key of Stripe': /\b[rs]k_live_[A-Za-z0-9]{16,}/,
  'a signed token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
  'an address with a password':
    /\b[a-z]+:\/\/[^\s/:@'"`$]+:(?!(secret|password|p%40ss)@)[^\s/:@'"`${]{6,}@[a-z0-9]/i,
};

function filesOf(folder: URL): URL[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !ELSEWHERE.test(name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesOf(new URL(`${entry.name}/`, folder)) : [new URL(entry.name, folder)],
    );
}

const files = filesOf(root);

describe('no file holds', () => {
  it.each(Object.entries(SECRETS))('%s', (_, pattern) => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => pattern.test(readFileSync(file, 'utf8'))).map(String)).toEqual([]);
  });
});

describe('a check that finds', () => {
  const letters = 'abcdefghij0123456789ABCDEFGHIJ0123456789';
  // Put together here, so that this file holds none either.
  it.each([
    ['a private key', ['-----BEGIN', 'EC PRIVATE KEY-----'].join(' ')],
    ['a key of AWS', ['AKIA', 'ABCDEFGHIJ012345'].join('')],
    ['a token of GitHub', ['ghp', letters].join('_')],
    ['a token of npm', ['npm', letters].join('_')],
    ['a token of npm', ['//registry.example/:', 'authToken=x'].join('_')],
    ['a live key of Stripe', ['sk', 'live', letters].join('_')],
    ['an address with a password', ['redis://default', 'hunter2hunter2@redis.example'].join(':')],
  ])('%s', (name, text) => {
    expect(SECRETS[name]?.test(text)).toBe(true);
  });
});
