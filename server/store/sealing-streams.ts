import { createCipheriv, randomBytes } from 'node:crypto';
import {
  BLOCK_BYTES,
  breaksIn,
  CIPHER,
  ivOf,
  NONCE_BYTES,
  PLACE_LENGTH,
  readLogKey,
  STREAM_MARK,
} from './sealed-lines.ts';

/** One of them weighs about 2 kB. Past it all are begun anew, which costs what it would without them. */
const MOST_STREAMS = 8_192;
/** The counter has 32 bits. */
const MOST_BLOCKS = 2 ** 31;

interface Stream {
  readonly cipher: ReturnType<typeof createCipheriv>;
  readonly head: string;
  blocks: number;
}

/**
 * Seals as `sealLines` does, at half the cost: making a cipher takes longer than using it, so that of a shopper goes on from one text
 * to the next. Each text begins with a block of its own and says with which one; no part of a stream is used twice.
 */
export class SealingStreams {
  readonly #streams = new Map<string, Stream>();

  /** `key`: as text. */
  seal(lines: string, key: string): string {
    if (lines === '') return '';
    const stream = this.#of(key);
    const { cipher, head, blocks } = stream;
    const bytes = Buffer.byteLength(lines);
    const whole = Math.ceil(bytes / BLOCK_BYTES);
    // What fills the last block is not kept.
    const open = Buffer.allocUnsafe(whole * BLOCK_BYTES);
    open.write(lines);
    stream.blocks += whole;
    const sealed = cipher.update(open).toString('base64', 0, bytes);
    return head + blocks.toString(16).padStart(PLACE_LENGTH, '0') + sealed + '\n'.repeat(breaksIn(lines));
  }

  /** Keys that are destroyed must not live on here. */
  clear(): void {
    this.#streams.clear();
  }

  #of(key: string): Stream {
    const known = this.#streams.get(key);
    if (known && known.blocks < MOST_BLOCKS) return known;
    if (this.#streams.size >= MOST_STREAMS) this.#streams.clear();
    const { id, secret } = readLogKey(key);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, secret, ivOf(nonce, 0));
    const stream = { cipher, head: STREAM_MARK + id + nonce.toString('base64url'), blocks: 0 };
    this.#streams.set(key, stream);
    return stream;
  }
}
