import { describe, expect, it } from 'vitest';
import { type Accepted, AuditReport, listFaults, verdict } from '../../../supply-chain/audit-verdict.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const ID = 'GHSA-aaaa-bbbb-cccc';
const pass: Accepted = { advisory: ID, name: 'ws', until: '2026-03-20', why: 'No repair yet.' };

function report(severity: string, ...nodes: string[]): AuditReport {
  const url = `https://github.com/advisories/${ID}`;
  return AuditReport.parse({
    auditReportVersion: 2,
    vulnerabilities: {
      ws: { via: [{ url, title: 'Falls over', severity, range: '<9' }], nodes },
      'engine.io': { via: ['ws'], nodes: ['node_modules/engine.io'] },
    },
  });
}

const SHIPPED = 'node_modules/engine.io/node_modules/ws';
const TOOL = 'node_modules/ws';
const judge = (found: AuditReport, accepted: readonly Accepted[] = []) =>
  verdict(found, new Set([SHIPPED]), accepted);

describe('an advisory', () => {
  it.each([
    ['critical', SHIPPED, 'fault'],
    ['high', SHIPPED, 'fault'],
    ['moderate', SHIPPED, 'remark'],
    ['low', SHIPPED, 'remark'],
    ['critical', TOOL, 'fault'],
    ['high', TOOL, 'remark'],
  ])('that is %s, of %s, is a %s', (severity, node, outcome) => {
    const { faults, remarks } = judge(report(severity, node));
    expect([faults.length, remarks.length]).toEqual(outcome === 'fault' ? [1, 0] : [0, 1]);
    expect([...faults, ...remarks][0]).toMatch(new RegExp(`${severity}, ws <9 .*Falls over.*${ID}`));
  });

  it('of one copy that is shipped and one that is not counts as shipped', () => {
    expect(judge(report('high', TOOL, SHIPPED)).faults).toHaveLength(1);
  });

  it('that is accepted is still said, and of no other package or number', () => {
    const { faults, remarks } = judge(report('critical', SHIPPED), [pass]);
    expect(faults).toEqual([]);
    expect(remarks[0]).toContain('accepted until 2026-03-20: No repair yet.');
    for (const other of [
      { ...pass, name: 'engine.io' },
      { ...pass, advisory: 'GHSA-aaaa-bbbb-dddd' },
    ])
      expect(judge(report('critical', SHIPPED), [other]).faults).toHaveLength(1);
  });
});

describe('what is accepted', () => {
  it.each(['2026-03-01', '2026-03-20', '2026-05-29'])('may be so until %s', (until) => {
    expect(listFaults([{ ...pass, until }], NOW)).toEqual([]);
  });

  it.each([
    [{ until: '2026-02-28' }, 'which is over'],
    [{ until: '2026-06-15' }, 'more than 90 days away'],
    [{ until: 'summer' }, 'is no day'],
    [{ until: '2026-13-40' }, 'is no day'],
    [{ until: '' }, 'is no day'],
    [{ why: '' }, 'does not say why'],
  ])('may not be so with %o', (change, words) => {
    expect(listFaults([{ ...pass, ...change }], NOW)).toEqual([expect.stringContaining(words)]);
  });
});
