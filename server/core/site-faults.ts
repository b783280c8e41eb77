import type { Fault } from '../../shared/errors.ts';
import type { SiteFile } from '../../shared/site.ts';
import { ruleFaults } from './rule-faults.ts';
import { segmentFaults } from './segments.ts';
import { vocabularyOf } from './vocabulary.ts';

/** All that is wrong with a site beyond its shape. */
export function siteFaults(file: Pick<SiteFile, 'events' | 'traits' | 'segments' | 'rules'>): Fault[] {
  const vocabulary = vocabularyOf(file);
  return [
    ...file.segments.flatMap((segment, index) =>
      segmentFaults(segment, vocabulary).map((fault) => under(`segments.${index}`, fault)),
    ),
    ...file.rules.flatMap((rule, index) =>
      ruleFaults(rule, vocabulary).map((fault) => under(`rules.${index}`, fault)),
    ),
  ];
}

function under(path: string, fault: Fault): Fault {
  return { ...fault, path: `${path}.${fault.path}` };
}
