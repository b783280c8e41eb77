import type { Consent, Heeding } from './consent.ts';

/** The way to what the shopper allows. Where nobody speaks of consent, what it takes is not loaded. */
export class ConsentDoor {
  readonly #isRequired: boolean;
  #loading: Promise<Consent> | null = null;
  #consent: Consent | null = null;
  #heeding: Heeding | null = null;

  constructor(isRequired: boolean, early: readonly unknown[]) {
    this.#isRequired = isRequired;
    const words = early.filter(isOfConsent);
    if (isRequired || words.length > 0) this.#loading = this.#load(words);
  }

  get mayStore(): boolean {
    return this.#consent?.mayStore ?? !this.#isRequired;
  }

  /** What was said so far is known. */
  async opened(): Promise<void> {
    await this.#loading;
  }

  /** What is done after a word was said is done after it was understood. */
  inTurn(work: () => void): void {
    if (this.#consent || !this.#loading) work();
    else void this.#loading.then(work, work);
  }

  /** One entry of a data layer, or one call. */
  hear(entry: unknown): void {
    if (!isOfConsent(entry)) return;
    this.#loading ??= this.#load([]);
    this.#loading
      .then((consent) => consent.hear(entry))
      .catch(() => {
        this.#loading = null;
        // Who says no is not asked to wait until it can be understood.
        if (/denied/.test(JSON.stringify(entry))) this.#heeding?.page.forget();
      });
  }

  /** Resolves once what the shopper allows is heeded, or was waited for long enough. */
  async heed(heeding: Heeding): Promise<void> {
    await this.#consent?.awaited;
    this.#heeding = heeding;
    this.#consent?.heed(heeding, true);
  }

  async #load(words: readonly unknown[]): Promise<Consent> {
    const { Consent: Known } = await import('./consent.ts');
    this.#consent = new Known(this.#isRequired, words);
    if (this.#heeding) this.#consent.heed(this.#heeding, false);
    return this.#consent;
  }
}

function isOfConsent(entry: unknown): boolean {
  return (entry as ArrayLike<unknown> | null)?.[0] === 'consent';
}
