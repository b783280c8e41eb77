import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DERIVED_TRIGGERS, TRIGGERS } from '../../shared/trigger.ts';
import { HOUR_FAULTS } from '../../server/analytics/capture-health/fault-words.ts';
import { CAPTURE_FAULTS } from '../../server/core/capture-faults.ts';
import { BENEFITS } from '../../shared/offer.ts';
import { GROUPS } from '../../server/core/conditions/conditions.ts';
import { OPERATORS } from '../../server/core/conditions/field-checks.ts';
import { READY_MADE } from '../../shared/segment.ts';
import { HELD_WORDS } from '../../server/core/reason-words.ts';
import { variablesOf } from '../../server/core/template-variables.ts';
import { vocabularyOf } from '../../server/core/vocabulary.ts';
import { FIELDS } from '../../server/core/conditions/fields.ts';

const rules = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
/** The first column of the tables, without its code marks. */
const FIRST_COLUMN = /^\| `([^`]+)`/gm;
const named = [...rules.matchAll(FIRST_COLUMN)].map(([, name = '']) => name);

describe('docs/rules.md names what there is, and nothing else', () => {
  it('every trigger', () => {
    const [triggers = ''] = rules.split('## Conditions');
    for (const trigger of TRIGGERS) expect(triggers).toContain(`\`${trigger}\``);
    const found = [...triggers.matchAll(FIRST_COLUMN)].map(([, name = '']) => name);
    expect(found.toSorted()).toEqual([...DERIVED_TRIGGERS].toSorted());
  });

  it('every reason', () => {
    const [, limits = ''] = rules.split('## Limits');
    const [table = ''] = limits.split('## Nudges');
    const told = [...table.matchAll(FIRST_COLUMN)].map(([, name = '']) => name);
    const reasons = Object.keys(HELD_WORDS).filter((by) => by !== 'condition');
    expect(told.toSorted()).toEqual(reasons.toSorted());
  });

  it('every variable of a text', () => {
    const nothingOwn = vocabularyOf({ events: [], traits: {}, segments: [] });
    const variables = Object.keys(variablesOf(nothingOwn, 'api'));
    const told = [...rules.matchAll(/^\| (`\{\{.*?) *\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/\{\{([\w.]+)/g)].map(([, name]) => name),
    );
    expect(told.filter((name) => !name?.endsWith('.'))).toEqual(variables);
  });

  it('every ready-made segment', () => {
    for (const { id } of READY_MADE) expect(rules).toContain(`| \`${id}\``);
  });

  it('every field, with the names of its records', () => {
    const fields = named.filter((name) => /^[a-z]+\./.test(name)).toSorted();
    expect(fields).toEqual(Object.keys(FIELDS).toSorted());
    for (const [path, field] of Object.entries(FIELDS)) {
      if (field.type !== 'records') continue;
      const row = rules.split('\n').find((line) => line.startsWith(`| \`${path}\``)) ?? '';
      const told = [...row.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
      expect(told).toEqual(Object.keys(field.fields));
    }
  });
});

describe('docs/tested.md names a test for everything that a rule may speak of', () => {
  const page = readFileSync(new URL('../../docs/tested.md', import.meta.url), 'utf8');
  const sections = new Map(
    page.split('\n## ').map((section): [string, string[][]] => {
      const rows = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
      const cells = rows.slice(1).map((row) =>
        row
          .slice(1, -1)
          .split(' | ')
          .map((cell) => cell.trim()),
      );
      return [section.split('\n')[0] ?? '', cells];
    }),
  );
  const listed = (section: string) =>
    (sections.get(section) ?? []).map(([what = '']) => what.replaceAll('`', ''));

  it('every trigger, operator, limit and offer', () => {
    expect(listed('Triggers')).toEqual([...TRIGGERS, 'custom event']);
    expect(listed('Operators').toSorted(byText)).toEqual(
      [...new Set([...OPERATORS, ...GROUPS])].toSorted(byText),
    );
    expect(listed('What holds a rule back')).toEqual(Object.keys(HELD_WORDS));
    expect(listed('Offers')).toEqual(
      expect.arrayContaining([...BENEFITS, 'minimum', 'validFor', 'budget', 'marginFloor']),
    );
  });

  it('and each of them is there', () => {
    const rows = [...sections.values()].flat();
    expect(rows.length).toBeGreaterThan(90);
    for (const [, test = '', file = ''] of rows) {
      const source = readFileSync(new URL(`../../${file.replaceAll('`', '')}`, import.meta.url), 'utf8');
      expect(source, file).toContain(test);
    }
  });
});

it('docs/capture-health.md names every fault, and no other', () => {
  const page = readFileSync(new URL('../../docs/capture-health.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(FIRST_COLUMN)].map(([, name]) => name);
  expect(told).toEqual([...CAPTURE_FAULTS, ...HOUR_FAULTS]);
});

describe('docs/reliability.md', () => {
  const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| ([FB]\d+) *\| ([^|]+?) *\| ([^|]+?) *\| `([^`]+)` *\|$/gm)];

  it('names every fault and every bug that it is about', () => {
    const faults = [
      ...Array.from({ length: 21 }, (_, index) => index + 1),
      25,
      26,
      27,
      28,
      29,
      30,
      31,
      32,
      33,
    ];
    const bugs = [1, 2, 3, 4, 5, 6, 8, 9, 10];
    expect(rows.map(([, row]) => row)).toEqual([
      ...faults.map((fault) => `F${fault}`),
      ...bugs.map((bug) => `B${bug}`),
    ]);
  });

  it('and the test of each of them is there, or it says why there is none', () => {
    for (const [, row, , test = '', file = ''] of rows) {
      const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      if (!/^not (tested|yet)/.test(test)) expect(source, row).toContain(test);
    }
  });
});

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

it('SECURITY.md names files that are there, and each threat with a control and a test', () => {
  const root = new URL('../../', import.meta.url);
  const text = readFileSync(new URL('SECURITY.md', root), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| T\d+ /.test(line));
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) {
    const [, id = '', , , where = '', tests = ''] = row.split('|');
    const filesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
    expect(filesIn(where).length, id).toBeGreaterThan(0);
    expect(filesIn(tests).length, id).toBeGreaterThan(0);
    for (const file of [...filesIn(where), ...filesIn(tests)])
      expect(existsSync(new URL(file, root)), `${id.trim()} ${file}`).toBe(true);
  }
});
