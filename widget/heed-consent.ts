import type { BellPage } from './bell-page.ts';
import type { Consent } from './consent.ts';
import type { ConsentedStorage } from './page-storage.ts';
import type { Keys } from './storage-keys.ts';

interface Kept {
  readonly device: ConsentedStorage;
  readonly session: ConsentedStorage;
  /** Whether they keep things on the device so far. */
  readonly isKept: boolean;
  readonly keys: Keys;
}

/**
 * Keeps to what the shopper allows, from now on and whenever they say something else; the hub is told what is new to it.
 * To be called once the page may report.
 */
export function heedConsent(
  consent: Consent,
  { device, session, isKept: isKeptBefore, keys }: Kept,
  page: Pick<BellPage, 'report' | 'deviceChanged'>,
): void {
  let isKept = isKeptBefore;
  const heed = () => {
    if (isKept !== consent.mayStore) {
      isKept = consent.mayStore;
      for (const storage of [device, session])
        if (isKept) storage.allow();
        else storage.forbid(keys.prefix);
      page.deviceChanged();
    }
    const { marketing, isSaid } = consent;
    const told = device.get(keys.consent);
    // A default of the shop's does not outweigh what the shopper has said before.
    if (!marketing || marketing === told || (told && !isSaid)) return;
    device.set(keys.consent, marketing);
    page.report({ name: 'consent_update', params: { marketing } });
  };
  consent.changed = heed;
  heed();
}
