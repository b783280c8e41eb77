import type { SiteId } from '../../shared/ids.ts';
import type { Store } from '../store/store.ts';
import { idOf } from './stored-site.ts';

/** A rule as it was published or drafted at some time. */
export interface RuleVersion {
  /** The site's version from which on the rule was so. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who said so, as they named themselves. */
  readonly by: string;
  /** As it was written down; null: it was not there. */
  readonly rule: unknown;
}

/** One difference between two versions, at a path from the rule's root. Absent values are left out. */
export interface Difference {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

const MOST_VERSIONS = 50;
const AT_ONCE = 100;

/** The last fifty versions of a rule, newest first: each change of the site that changed this rule. */
export async function readRuleVersions(store: Store, site: SiteId, id: string): Promise<RuleVersion[]> {
  const versions: RuleVersion[] = [];
  let newer: RuleVersion | null = null;
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const page = await store.readSiteVersions(site, before, AT_ONCE);
    for (const { version, at, by, definition } of page) {
      const older: RuleVersion = { version, at, by, rule: ruleIn(definition, id) };
      // What is the same further back began there.
      if (newer && !isSame(newer.rule, older.rule)) versions.push(newer);
      newer = older;
      if (versions.length === MOST_VERSIONS) return versions;
    }
    const oldest = page.at(-1);
    if (!oldest || page.length < AT_ONCE) break;
    before = oldest.version;
  }
  return newer && newer.rule !== null ? [...versions, newer] : versions;
}

/** What changed between two versions of a rule, part by part. Lists are compared as a whole. */
export function differences(from: unknown, to: unknown, path = ''): Difference[] {
  if (isSame(from, to)) return [];
  if (!isRecord(from) || !isRecord(to))
    return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name) => differences(from[name], to[name], path ? `${path}.${name}` : name));
}

function ruleIn(definition: string, id: string): unknown {
  const { rules } = JSON.parse(definition) as { rules: readonly unknown[] };
  return rules.find((rule) => idOf(rule) === id) ?? null;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
