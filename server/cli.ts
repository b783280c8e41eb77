#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { UsageError } from './commands/ask-hub.ts';
import { backtestFile } from './commands/backtest.ts';
import { checkFile } from './commands/check.ts';
import { PEOPLE_USAGE, peopleCommand } from './commands/people.ts';
import { printSchema } from './commands/schema.ts';
import { SITES_USAGE, sitesCommand } from './commands/sites.ts';

const USAGE = `cartbell check FILE      whether a site file would be taken, and what is wrong with it
cartbell schema          JSON Schema of a site file, for editors
cartbell backtest FILE    what a draft of a rule would have done over a hub's log: --hub URL --key sk_… [--json]
cartbell serve           the hub; settings come from the environment

${SITES_USAGE}
${PEOPLE_USAGE}`;

/** Exit code 0: done. 1: the command has something to complain about. 2: it can't be taken. */
async function main([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'check':
      return rest[0] === undefined ? usage() : checkFile(rest[0]);
    case 'backtest':
      return backtestFile(rest);
    case 'schema':
      return printSchema();
    case 'sites':
      return tell(sitesCommand(rest));
    case 'people':
      return tell(peopleCommand(rest));
    case 'serve':
      await import(pathToFileURL(new URL('main.js', import.meta.url).pathname).href);
      return 0;
    default:
      return usage();
  }
}

/** What a hub answered, in words or, with `--json`, as it came. */
async function tell(told: Promise<{ answer: unknown; words: string; json: boolean }>): Promise<number> {
  try {
    const { answer, words, json } = await told;
    process.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : words);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message.trimEnd()}\n`);
    return isUsage(error) ? 2 : 1;
  }
}

function isUsage(error: unknown): boolean {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return error instanceof UsageError || String(code).startsWith('ERR_PARSE_ARGS');
}

function usage(): number {
  process.stderr.write(USAGE);
  return 2;
}

const code = await main(process.argv.slice(2));
if (code !== 0) process.exitCode = code;
