import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Words that are nowhere else: whoever finds one has found a trace. */
export class Canaries {
  readonly #words: string[] = [];

  get count(): number {
    return this.#words.length;
  }

  next(): string {
    const word = `canary${randomUUID().replaceAll('-', '').slice(0, 20)}`;
    this.#words.push(word);
    return word;
  }

  /** Those that are in a text or in some bytes. */
  in(given: string | Buffer): string[] {
    return this.#words.filter((word) => given.includes(word));
  }

  /** Those that are in any file below a folder, with the file's name. */
  async below(dir: string): Promise<string[]> {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const found = await Promise.all(
      files.map(async (file) => this.in(await readFile(file)).map((word) => `${file}: ${word}`)),
    );
    return found.flat();
  }
}
