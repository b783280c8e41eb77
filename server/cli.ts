#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { backtestFile } from './commands/backtest.ts';
import { checkFile } from './commands/check.ts';
import { printSchema } from './commands/schema.ts';

const USAGE = `cartbell check FILE      whether a site file would be taken, and what is wrong with it
cartbell schema          JSON Schema of a site file, for editors
cartbell backtest FILE    what a draft of a rule would have done over a hub's log: --hub URL --key sk_… [--json]
cartbell serve           the hub; settings come from the environment
`;

/** Exit code 0: done. 1: the command has something to complain about. 2: it can't be taken. */
async function main([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'check':
      return rest[0] === undefined ? usage() : checkFile(rest[0]);
    case 'backtest':
      return backtestFile(rest);
    case 'schema':
      return printSchema();
    case 'serve':
      await import(pathToFileURL(new URL('main.js', import.meta.url).pathname).href);
      return 0;
    default:
      return usage();
  }
}

function usage(): number {
  process.stderr.write(USAGE);
  return 2;
}

const code = await main(process.argv.slice(2));
if (code !== 0) process.exitCode = code;
