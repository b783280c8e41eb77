import type { SealedTexts } from '../engine/sealed-text.ts';
import { mintSigningSecret } from './signature.ts';

/** So long the secret before the newest still counts. */
export const OVERLAP_MS = 86_400_000;

/** A secret as stored. `until`: when it stops to count; null: it is the newest. */
export interface KeptSecret {
  readonly sealed: string;
  readonly until: number | null;
}

/** Secrets that sign messages: two of them for a day after each change, so that neither side has to change in the same moment. */
export class SigningSecrets {
  readonly #texts: SealedTexts;

  constructor(texts: SealedTexts) {
    this.#texts = texts;
  }

  /** Puts a new one before the newest. It is told now and never again. `owner`: what it signs for. */
  renew(
    before: readonly KeptSecret[],
    owner: string,
    now: number,
  ): { readonly kept: readonly KeptSecret[]; readonly secret: string } {
    const secret = mintSigningSecret();
    const [newest] = before;
    const kept: KeptSecret[] = [{ sealed: this.#texts.seal(secret, purposeOf(owner)), until: null }];
    if (newest) kept.push({ sealed: newest.sealed, until: now + OVERLAP_MS });
    return { kept, secret };
  }

  /** Those that count now, the newest first. */
  open(kept: readonly KeptSecret[], owner: string, now: number): string[] {
    return kept
      .filter(({ until }) => until === null || until > now)
      .map(({ sealed }) => this.#texts.open(sealed, purposeOf(owner)));
  }
}

function purposeOf(owner: string): string {
  return `signs for ${owner}`;
}
