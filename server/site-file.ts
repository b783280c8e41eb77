import { readFile } from 'node:fs/promises';
import type { Fault } from '../shared/errors.ts';
import { SiteFile } from '../shared/site.ts';
import { StartError } from './config.ts';
import { boundsFault } from './engine/bounds.ts';
import { faultsOf } from './engine/parse.ts';

/** Reads a site from a JSON file. Throws a `StartError` that names the file and every fault's place in it. */
export async function readSiteFile(path: string): Promise<SiteFile> {
  const given = await readJson(path);
  const bounds = boundsFault(given);
  if (bounds) throw siteFileError(path, [bounds]);
  const result = SiteFile.safeParse(given);
  if (!result.success) throw siteFileError(path, faultsOf(result.error));
  return result.data;
}

export function siteFileError(path: string, faults: readonly Fault[]): StartError {
  const places = faults.map((fault) => `${fault.path || 'the file'}: ${fault.message}`);
  return new StartError(`SITE_FILE ${path} is refused. ${places.join('; ')}`);
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new StartError(
      `SITE_FILE ${path} can’t be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StartError(
      `SITE_FILE ${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
