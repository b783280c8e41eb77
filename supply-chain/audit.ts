// `npm run audit`: whether anything that is installed here has a known fault, as far as the registry can say.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuditReport, listFaults, verdict } from './audit-verdict.ts';
import { shippedPackages } from './lockfile.ts';
import { reviewed } from './reviewed.ts';

const root = new URL('../', import.meta.url);
/** Many registries between a company and the world know no advisories: nobody shall be stopped by that who can't change it. */
const IS_REQUIRED = process.env['AUDIT_REQUIRED'] === '1';
/** Known to be at fault since 2020 (GHSA-xvch-5gv4-984h), and nobody installs it. */
const CANARY = { name: 'minimist', version: '0.0.8' };

process.exitCode = await audit();

async function audit(): Promise<0 | 1> {
  const accepted = reviewed(root, 'Advisories that are accepted for now').map(
    ([advisory = '', name = '', until = '', why = '']) => ({ advisory, name, until, why }),
  );
  const listed = listFaults(accepted, new Date());
  if (listed.length > 0) return failed(listed);
  const report = await npmAudit(fileURLToPath(root));
  if (typeof report === 'string') return notAudited(report);
  // "Nothing" is also what a registry says that keeps no advisories.
  if (Object.keys(report.vulnerabilities).length === 0 && !(await knowsCanary()))
    return notAudited(
      `the registry knows nothing against ${CANARY.name} ${CANARY.version}, which is at fault`,
    );
  const shipped = new Set(shippedPackages(root).map(({ path }) => path));
  const { faults, remarks } = verdict(report, shipped, accepted);
  for (const line of remarks) say(`audit: ${line}`);
  if (faults.length > 0) return failed(faults);
  say('audit: no advisory that stops us.');
  return 0;
}

function failed(faults: readonly string[]): 1 {
  for (const line of faults) say(`AUDIT FAILED: ${line}`);
  return 1;
}

function notAudited(why: string): 0 | 1 {
  say(`NOT AUDITED: ${why}.${IS_REQUIRED ? '' : ' Set AUDIT_REQUIRED=1 where that must not pass.'}`);
  return IS_REQUIRED ? 1 : 0;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function knowsCanary(): Promise<boolean> {
  const { name, version } = CANARY;
  const dependencies = { [name]: version };
  const project = { name: 'canary', version: '1.0.0' };
  const packages = { '': { ...project, dependencies }, [`node_modules/${name}`]: { version } };
  const folder = await mkdtemp(join(tmpdir(), 'cartbell-audit-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ ...project, dependencies }));
    await writeFile(
      join(folder, 'package-lock.json'),
      JSON.stringify({ ...project, lockfileVersion: 3, requires: true, packages }),
    );
    const report = await npmAudit(folder);
    return typeof report !== 'string' && name in report.vulnerabilities;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What npm hears from its registry about all that the lockfile names, or why it hears nothing. */
function npmAudit(cwd: string): Promise<AuditReport | string> {
  const words = ['audit', '--json', '--package-lock-only', '--include=dev', '--include=optional'];
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=20000'];
  return new Promise((resolve, reject) => {
    // It ends with code 1 where it has found something.
    execFile('npm', [...words, ...patience], { cwd, maxBuffer: 2 ** 26 }, (_, stdout, stderr) => {
      const answer = parsed(stdout);
      if (!isReport(answer)) return resolve(whyNot(answer, stderr));
      const report = AuditReport.safeParse(answer);
      // A report that can't be read is none to pass by.
      if (report.success) resolve(report.data);
      else reject(new Error(`npm reports in another form now: ${report.error.message}`));
    });
  });
}

function isReport(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'auditReportVersion' in answer;
}

/** Without the address of the registry, which may be nobody's business. */
function whyNot(answer: unknown, stderr: string): string {
  const { message, error } = (answer ?? {}) as { message?: string; error?: { summary?: string } };
  const [line = ''] = (message || error?.summary || stderr.trim() || 'npm says nothing').split('\n');
  return line
    .replace(/\w+:\/\/[^\s/]+/g, 'the registry')
    .replace(/\b(E[A-Z]{4,}) \S+/g, '$1')
    .replace(/\.$/, '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
