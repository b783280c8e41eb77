/**
 * A number from 0 up to 1 that depends on the text alone, evenly spread: FNV-1a, stirred by MurmurHash3's finalizer. So
 * a shopper is in the same part of a division whenever and wherever they are asked about.
 */
export function shareOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let place = 0; place < text.length; place++)
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01_00_01_93);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
