import { createCipheriv, randomBytes } from 'node:crypto';
import { BLOCK_BYTES, CIPHER, ivOf, NONCE_BYTES, readLogKey } from './log-key.ts';

/** One of them weighs about 4 kB. Past it the one that was begun first is begun anew, at the cost of making a cipher. */
const MOST_STREAMS = 8_192;
/** The counter of a stream has 32 bits. */
const MOST_BLOCKS = 2 ** 31;
/** So much is made at once: to ask for it costs as much as a kilobyte of it. */
const AHEAD_BYTES = 2_048;
export const WORD_BYTES = 4;

interface Stream {
  readonly cipher: ReturnType<typeof createCipheriv>;
  /** The nonce, and the key's id. */
  readonly head: Buffer;
  /** Blocks that were made so far; the last of them are ahead. */
  blocks: number;
  ahead: Uint32Array;
  used: number;
}

/** A part of a key's stream that was given to nobody before: `words` from `word` on. */
export interface Drawn {
  readonly head: Buffer;
  /** Its first block. */
  readonly part: number;
  readonly words: Uint32Array;
  readonly word: number;
}

const zeros = Buffer.alloc(AHEAD_BYTES);
const nothing = new Uint32Array(0);
const WORDS_PER_BLOCK = BLOCK_BYTES / WORD_BYTES;

/** The bits that texts are sealed with, by key. A cipher per key goes on: making one takes longer than sealing a record with it. */
export class KeyStreams {
  readonly #streams = new Map<string, Stream>();

  /** For so many bytes, from a block of its own on. `key`: as text. */
  draw(key: string, bytes: number): Drawn {
    const stream = this.#of(key);
    const needed = Math.ceil(bytes / BLOCK_BYTES) * WORDS_PER_BLOCK;
    if (stream.ahead.length - stream.used < needed) makeAhead(stream, needed * WORD_BYTES);
    const { head, ahead: words, used: word, blocks } = stream;
    stream.used += needed;
    return { head, words, word, part: blocks - (words.length - word) / WORDS_PER_BLOCK };
  }

  clear(): void {
    this.#streams.clear();
  }

  #of(key: string): Stream {
    const known = this.#streams.get(key);
    if (known && known.blocks < MOST_BLOCKS) return known;
    const [eldest] = this.#streams.keys();
    if (this.#streams.size >= MOST_STREAMS && eldest !== undefined) this.#streams.delete(eldest);
    const { id, secret } = readLogKey(key);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, secret, ivOf(nonce, 0));
    const head = Buffer.concat([nonce, Buffer.from(id, 'base64url')]);
    const stream = { cipher, head, blocks: 0, ahead: nothing, used: 0 };
    this.#streams.set(key, stream);
    return stream;
  }
}

/** What was ahead and is too short now is left. */
function makeAhead(stream: Stream, bytes: number): void {
  const made = stream.cipher.update(bytes > zeros.length ? Buffer.alloc(bytes) : zeros);
  stream.ahead = new Uint32Array(made.buffer, made.byteOffset, made.length / WORD_BYTES);
  stream.blocks += made.length / BLOCK_BYTES;
  stream.used = 0;
}
