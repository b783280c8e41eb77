import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { BacktestProgress } from '../analytics/backtest/backtest.ts';
import type { BacktestReport } from '../analytics/backtest/report.ts';
import { type Problem, problemInWords } from './ask-hub.ts';
import { reportInWords } from './backtest-words.ts';

type Line = { readonly progress: BacktestProgress } | { readonly report: BacktestReport };

/** `cartbell backtest FILE`: asks a hub, shows how far it is, prints the report. Ctrl-C cancels it there, too. */
export async function backtestFile(args: readonly string[]): Promise<number> {
  const options = { hub: { type: 'string' }, key: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [file] = positionals;
  const key = values.key ?? process.env['CARTBELL_KEY'];
  if (file === undefined || key === undefined) {
    process.stderr.write('cartbell backtest RULE.json --key sk_… [--hub URL] [--json]\n');
    return 2;
  }
  try {
    const rule = JSON.parse(await readFile(file, 'utf8')) as { id?: string };
    const report = await ask(values.hub ?? 'http://127.0.0.1:4600', key, rule);
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportInWords(report));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function ask(hub: string, key: string, rule: { id?: string }): Promise<BacktestReport> {
  const response = await fetch(new URL(`/v1/rules/${rule.id ?? ''}/backtest`, hub), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      accept: 'application/x-ndjson',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ rule }),
  });
  if (!response.ok || !response.body) throw new Error(problemInWords((await response.json()) as Problem));
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      const line = JSON.parse(text) as Line;
      if ('report' in line) return line.report;
      process.stderr.write(`\r${line.progress.events} events`);
    }
  }
  throw new Error('The hub hung up before the report.');
}
