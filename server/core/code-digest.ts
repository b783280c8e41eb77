import { canonicalCode } from './random.ts';

/**
 * What is kept of a coupon's code: SHA-256 of its canonical form, cut to 128 bits, in hex. With 80 random bits in a code
 * nobody finds it from that. (The code itself is with the nudge that shows it, as long as that is up; and whoever has the log and
 * its keys can draw it again.) Written out, as the core has no Node: FIPS 180-4.
 */
export function codeDigest(code: string): string {
  return sha256(canonicalCode(code)).slice(0, 32);
}

/** Of text of one-byte characters, as a canonical code is; others count by their lower byte. In hex. */
export function sha256(text: string): string {
  const hash = [...INITIAL];
  const words = paddedWords(text);
  for (let start = 0; start < words.length; start += 16) addBlock(hash, words.slice(start, start + 16));
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function addBlock(hash: number[], block: readonly number[]): void {
  const schedule = [...block];
  for (let at = 16; at < 64; at++) {
    const [w2, w7, w15, w16] = [2, 7, 15, 16].map((back) => schedule[at - back] ?? 0) as Four;
    const s0 = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3);
    const s1 = turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10);
    schedule.push((w16 + s0 + w7 + s1) | 0);
  }
  let [a, b, c, d, e, f, g, h] = hash as Eight;
  for (let at = 0; at < 64; at++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND[at] ?? 0) + (schedule[at] ?? 0)) | 0;
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [place, word] of [a, b, c, d, e, f, g, h].entries())
    hash[place] = ((hash[place] ?? 0) + word) | 0;
}

function paddedWords(text: string): number[] {
  const blocks = Math.ceil((text.length + 9) / 64);
  const words = Array.from({ length: 16 * blocks }, () => 0);
  const put = (place: number, byte: number) => {
    const word = place >> 2;
    words[word] = (words[word] ?? 0) | (byte << (24 - 8 * (place & 3)));
  };
  for (let place = 0; place < text.length; place++) put(place, text.charCodeAt(place) & 0xff);
  put(text.length, 0x80);
  words[words.length - 1] = 8 * text.length;
  return words;
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

type Four = [number, number, number, number];
type Eight = [...Four, ...Four];

/** The first 32 bits of the fractional parts of the square and cube roots of the first primes. */
const PRIMES = primes(64);
const INITIAL = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUND = PRIMES.map((prime) => fraction(Math.cbrt(prime)));

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let next = 2; found.length < count; next++)
    if (found.every((prime) => next % prime !== 0)) found.push(next);
  return found;
}
