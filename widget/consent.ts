import type { Purpose, Word } from '../shared/consent.ts';
import type { BellPage } from './bell-page.ts';
import type { ConsentedStorage } from './page-storage.ts';
import type { Keys } from './storage-keys.ts';

/** As many as the hub knows. */
const PURPOSES = ['analytics', 'marketing', 'push', 'email', 'sms'] as const satisfies readonly Purpose[];

type Words = { readonly [Name in Purpose]?: Word };

/** What has to keep to it. */
export interface Heeding {
  readonly device: ConsentedStorage;
  readonly session: ConsentedStorage;
  /** Whether they keep things on the device so far. */
  readonly isKept: boolean;
  readonly keys: Keys;
  readonly page: Pick<BellPage, 'report' | 'deviceChanged' | 'forget'>;
}

/** What was said of it, if anything. */
interface Said {
  readonly storage: Word | undefined;
  readonly words: Words;
  /** Which text they were shown, and by what they answered. */
  readonly proof: { readonly text?: string; readonly how?: string };
  /** It is the shop's word until the shopper's comes: it can only forbid, and for so long that one is worth waiting for. */
  readonly defaultFor: number | null;
}

const LONGEST_PROOF = 100;
const LONGEST_WAIT_MS = 2_000;

/**
 * What the shopper allows. The shop says so by its tag, by `cartbell('consent', { storage, marketing })`, or to Google's
 * Consent Mode (version 2), whose `analytics_storage` is storage here, and `ad_personalization`, else `ad_storage`, marketing.
 * The last word holds. Where a default is meant for some regions it holds in all: a page does not know where it is.
 */
export class Consent {
  mayStore: boolean;
  words: Words = {};
  #proof: Said['proof'] = {};
  changed: () => void = () => undefined;
  /** Resolves once the shopper's word is there, or was waited for long enough. */
  readonly awaited: Promise<void>;
  /** The shopper's word, not a default of the shop's. */
  isSaid = false;
  #waitMs = 0;
  #mustEmpty = false;
  /** The data layer is read more than once, and what was said before the widget was there is passed on later. */
  readonly #heard = new WeakSet<object>();
  #settle: () => void = () => undefined;

  constructor(isRequired: boolean, early: readonly unknown[]) {
    this.mayStore = !isRequired;
    for (const entry of early) this.hear(entry);
    this.awaited = new Promise((resolve) => {
      this.#settle = resolve;
      if (this.isSaid || this.#waitMs === 0) resolve();
      else setTimeout(resolve, this.#waitMs);
    });
  }

  /** One entry of a data layer, or one call. */
  hear(entry: unknown): void {
    if (typeof entry !== 'object' || entry === null || this.#heard.has(entry)) return;
    this.#heard.add(entry);
    const said = readConsent(entry);
    if (!said) return;
    const mayStore = this.mayStore;
    const words = this.words;
    if (said.defaultFor !== null) this.#default(said, said.defaultFor);
    else {
      this.isSaid = true;
      if (said.storage) {
        this.mayStore = said.storage === 'granted';
        // What an earlier page has left is meant, too.
        this.#mustEmpty = !this.mayStore;
      }
      this.words = { ...words, ...said.words };
      this.#proof = said.proof;
      this.#settle();
    }
    const isOther = PURPOSES.some((name) => words[name] !== this.words[name]);
    if (mayStore !== this.mayStore || isOther || this.#mustEmpty) this.changed();
  }

  /** From now on they keep to it, whatever is said; the hub is told what is new to it. */
  heed({ device, session, isKept: isKeptBefore, keys, page }: Heeding, isAtStart: boolean): void {
    let isKept = isKeptBefore;
    const keepTo = (isFirst: boolean) => {
      if (isKept !== this.mayStore || this.#mustEmpty) {
        this.#mustEmpty = false;
        isKept = this.mayStore;
        for (const storage of [device, session])
          if (isKept) storage.allow();
          else storage.forbid(keys.prefix);
        page.deviceChanged();
      }
      const told = readTold(device.get(keys.consent));
      const words = this.words;
      // A default of the shop's does not outweigh what the shopper has said before.
      const isNew = (name: Purpose) => words[name] !== told[name] && (this.isSaid || !told[name]);
      const news = Object.fromEntries(
        PURPOSES.flatMap((name) => (words[name] && isNew(name) ? [[name, words[name]]] : [])),
      );
      if (Object.keys(news).length === 0) return;
      device.set(keys.consent, JSON.stringify({ ...told, ...news }));
      page.report({ name: 'consent_update', params: { ...news, ...this.#proof } }, isFirst);
    };
    this.changed = () => keepTo(false);
    // What was said before the page was there comes before what was done on it.
    keepTo(isAtStart);
  }

  #default({ storage, words: { marketing } }: Said, waitMs: number): void {
    if (this.isSaid) return;
    this.#waitMs = Math.max(this.#waitMs, waitMs);
    if (storage === 'denied') this.mayStore = false;
    if (marketing === 'denied') this.words = { ...this.words, marketing };
  }
}

function readConsent(entry: object): Said | null {
  const [command, first, second] = Array.from(entry as ArrayLike<unknown>);
  if (command !== 'consent') return null;
  const given = ((typeof first === 'string' ? second : first) ?? {}) as Record<string, unknown>;
  return {
    storage: wordOf(given['storage'] ?? given['analytics_storage']),
    words: wordsOf({
      ...given,
      marketing: given['marketing'] ?? given['ad_personalization'] ?? given['ad_storage'],
    }),
    proof: { ...proofOf('text', given), ...proofOf('how', given) },
    defaultFor: first === 'default' ? Math.min(Number(given['wait_for_update']) || 0, LONGEST_WAIT_MS) : null,
  };
}

function wordsOf(given: Record<string, unknown>): Words {
  return Object.fromEntries(
    PURPOSES.flatMap((name) => {
      const word = wordOf(given[name]);
      return word ? [[name, word]] : [];
    }),
  );
}

function proofOf(name: 'text' | 'how', given: Record<string, unknown>) {
  const said = given[name];
  return typeof said === 'string' && said ? { [name]: said.slice(0, LONGEST_PROOF) } : {};
}

/** What the hub was told last. A widget before this one kept the word on marketing alone. */
function readTold(kept: string | null): Words {
  try {
    return JSON.parse(kept ?? '{}') as Words;
  } catch {
    return kept === 'granted' || kept === 'denied' ? { marketing: kept } : {};
  }
}

function wordOf(given: unknown): Word | undefined {
  return given === 'granted' || given === 'denied' ? given : undefined;
}
