import type { Contact, GivenContact } from '../core/contact.ts';
import type { SiteId } from '../../shared/ids.ts';
import type { SealedTexts } from './sealed-text.ts';

/** Seals addresses and numbers of shoppers before they are kept, and opens them for whoever may read them. */
export class Contacts {
  readonly #texts: SealedTexts;

  constructor(texts: SealedTexts) {
    this.#texts = texts;
  }

  seal(site: SiteId, given: GivenContact): GivenContact {
    return Object.fromEntries(
      Object.entries(given).map(([name, text]) => [
        name,
        typeof text === 'string' ? this.#texts.seal(text, purposeOf(site, name)) : text,
      ]),
    );
  }

  open(site: SiteId, contact: Contact): Contact {
    return Object.fromEntries(
      Object.entries(contact).map(([name, sealed]) => [
        name,
        this.#texts.open(sealed, purposeOf(site, name)),
      ]),
    );
  }
}

/** Of the site and not of one shopper: who turns out to be another takes it along. */
function purposeOf(site: SiteId, name: string): string {
  return `${name} of a shopper of ${site}`;
}
