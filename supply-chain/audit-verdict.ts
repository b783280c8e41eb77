import { z } from 'zod';

const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'] as const;
/** From here on an advisory stops the gate: of what goes where the hub serves, and of the tools. */
const STOPS = { shipped: SEVERITIES.indexOf('high'), tool: SEVERITIES.indexOf('critical') };
/** How long an advisory may be put off. */
const LONGEST_MS = 90 * 24 * 60 * 60 * 1000;

const Advisory = z.object({
  url: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  range: z.string(),
});

/** What `npm audit --json` says where the registry has answered. */
export const AuditReport = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    // A name is of a package that is at fault for what it depends on; that one is in the report itself.
    z.object({ via: z.array(z.union([z.string(), Advisory])), nodes: z.array(z.string()) }),
  ),
});
export type AuditReport = z.output<typeof AuditReport>;

/** A line of docs/dependencies.md that lets an advisory pass for a while. */
export interface Accepted {
  readonly advisory: string;
  readonly name: string;
  readonly until: string;
  readonly why: string;
}

export interface Verdict {
  readonly faults: readonly string[];
  /** For people to know of; nothing is stopped by them. */
  readonly remarks: readonly string[];
}

/** What is wrong with the list of exceptions by itself, which can be told without asking anybody. */
export function listFaults(accepted: readonly Accepted[], now: Date): string[] {
  return accepted.flatMap(({ advisory, name, until, why }) => {
    const line = `docs/dependencies.md, ${advisory} of ${name}`;
    const end = /^\d{4}-\d\d-\d\d$/.test(until) ? Date.parse(`${until}T23:59:59Z`) : Number.NaN;
    if (Number.isNaN(end)) return [`${line}: "${until}" is no day.`];
    if (end < now.getTime()) return [`${line}: accepted until ${until}, which is over.`];
    if (end > now.getTime() + LONGEST_MS) return [`${line}: ${until} is more than 90 days away.`];
    return /\w{3}/.test(why) ? [] : [`${line}: does not say why.`];
  });
}

/** What the registry's advisories mean for what is installed here; `shipped` are the places of what goes where the hub serves. */
export function verdict(
  report: AuditReport,
  shipped: ReadonlySet<string>,
  accepted: readonly Accepted[],
): Verdict {
  const faults: string[] = [];
  const remarks: string[] = [];
  for (const [name, { via, nodes }] of Object.entries(report.vulnerabilities)) {
    const kind = nodes.some((path) => shipped.has(path)) ? 'shipped' : 'tool';
    for (const advisory of via) {
      if (typeof advisory === 'string') continue;
      const { url, title, severity, range } = advisory;
      const id = url.replace(/.*\//, '');
      const line = `${severity}, ${name} ${range} (${kind}): ${title} ${url}`;
      const pass = accepted.find((one) => one.advisory === id && one.name === name);
      if (pass) remarks.push(`${line}; accepted until ${pass.until}: ${pass.why}`);
      else (SEVERITIES.indexOf(severity) >= STOPS[kind] ? faults : remarks).push(line);
    }
  }
  return { faults, remarks };
}
