import { siteFaults } from '../core/site-faults.ts';
import { StartError } from '../config.ts';
import type { SiteFile } from '../../shared/site.ts';
import { readSiteFile, siteFileError } from '../site-file.ts';

/** `cartbell check FILE`: the same doors as at the start of a hub, without one. */
export async function checkFile(path: string): Promise<number> {
  try {
    const file = await readSiteFile(path);
    const faults = siteFaults(file);
    if (faults.length > 0) throw siteFileError(path, faults);
    process.stdout.write(`${path} is good: ${summary(file)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message.replace('SITE_FILE ', '').replaceAll('; ', '\n  ')}\n`);
    return 1;
  }
}

function summary({ id, rules, segments, products, events }: SiteFile): string {
  const published = rules.filter(({ status }) => status === 'published').length;
  return `site "${id}", ${published} of ${rules.length} rules published, ${segments.length} segments, ${events.length} own events, ${products.length} products.`;
}
