import { createHmac } from 'node:crypto';
import type { SiteId } from '../../shared/ids.ts';
import type { ClientAddress } from './client-address.ts';

/** What is kept of an address: enough to see that two shoppers of a site came from one, and of no use without the secret. */
export class AddressMarks {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  of(site: SiteId, address: ClientAddress): string {
    const mac = createHmac('sha256', this.#secret).update(`address\n${site}\n${address}`);
    return mac.digest('base64url').slice(0, 16);
  }
}
