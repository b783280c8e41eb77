import type { BellPage } from './bell-page.ts';
import type { ConsentedStorage } from './page-storage.ts';
import type { Keys } from './storage-keys.ts';

type Word = 'granted' | 'denied';

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
  readonly marketing: Word | undefined;
  /** It is the shop's word until the shopper's comes: it can only forbid, and for so long that one is worth waiting for. */
  readonly defaultFor: number | null;
}

const LONGEST_WAIT_MS = 2_000;

/**
 * What the shopper allows. The shop says so by its tag, by `cartbell('consent', { storage, marketing })`, or to Google's
 * Consent Mode (version 2), whose `analytics_storage` is storage here, and `ad_personalization`, else `ad_storage`, marketing.
 * The last word holds. Where a default is meant for some regions it holds in all: a page does not know where it is.
 */
export class Consent {
  mayStore: boolean;
  marketing: Word | undefined;
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
    const { mayStore, marketing } = this;
    if (said.defaultFor !== null) this.#default(said, said.defaultFor);
    else {
      this.isSaid = true;
      if (said.storage) {
        this.mayStore = said.storage === 'granted';
        // What an earlier page has left is meant, too.
        this.#mustEmpty = !this.mayStore;
      }
      this.marketing = said.marketing ?? marketing;
      this.#settle();
    }
    if (mayStore !== this.mayStore || marketing !== this.marketing || this.#mustEmpty) this.changed();
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
      const told = device.get(keys.consent);
      // A default of the shop's does not outweigh what the shopper has said before.
      if (!this.marketing || this.marketing === told || (told && !this.isSaid)) return;
      device.set(keys.consent, this.marketing);
      page.report({ name: 'consent_update', params: { marketing: this.marketing } }, isFirst);
    };
    this.changed = () => keepTo(false);
    // What was said before the page was there comes before what was done on it.
    keepTo(isAtStart);
  }

  #default({ storage, marketing }: Said, waitMs: number): void {
    if (this.isSaid) return;
    this.#waitMs = Math.max(this.#waitMs, waitMs);
    if (storage === 'denied') this.mayStore = false;
    if (marketing === 'denied') this.marketing = marketing;
  }
}

function readConsent(entry: object): Said | null {
  const [command, first, second] = Array.from(entry as ArrayLike<unknown>);
  if (command !== 'consent') return null;
  const given = ((typeof first === 'string' ? second : first) ?? {}) as Record<string, unknown>;
  return {
    storage: wordOf(given['storage'] ?? given['analytics_storage']),
    marketing: wordOf(given['marketing'] ?? given['ad_personalization'] ?? given['ad_storage']),
    defaultFor: first === 'default' ? Math.min(Number(given['wait_for_update']) || 0, LONGEST_WAIT_MS) : null,
  };
}

function wordOf(given: unknown): Word | undefined {
  return given === 'granted' || given === 'denied' ? given : undefined;
}
