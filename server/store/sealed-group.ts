import { createDecipheriv } from 'node:crypto';
import { CIPHER, ID_BYTES, ivOf, type LogKey, NONCE_BYTES } from './log-key.ts';
import { KeyStreams, WORD_BYTES } from './key-streams.ts';
import { blocksIn } from './record-lines.ts';

/**
 * A group's records as the embedded store's log has them: one block after the other, each for one shopper. Before what is sealed stand
 * its length in bytes, the part of the key's stream that it was sealed with, the stream's nonce and the key's id; it begins at a whole word.
 */
const LENGTH_AT = 0;
const PART_AT = 4;
const NONCE_AT = 8;
const ID_AT = NONCE_AT + NONCE_BYTES;
const TEXT_AT = inWholeWords(ID_AT + ID_BYTES);

/** Seals one group after the other in the same memory, which becomes as large as the largest. */
export class GroupSealer {
  readonly #streams = new KeyStreams();
  #room = Buffer.from(new ArrayBuffer(65_536));
  #words = new Uint32Array(this.#room.buffer);

  /** `blocks`: as `blockOf` makes them. What it returns is good until the next group. */
  seal(blocks: string): Buffer {
    let end = 0;
    for (const { logKey, lines } of blocksIn(blocks)) end = this.#add(logKey, lines, end);
    return this.#room.subarray(0, end);
  }

  /** Keys that are destroyed must not live on here. */
  clear(): void {
    this.#streams.clear();
    this.#room.fill(0);
  }

  #add(logKey: string, lines: string, start: number): number {
    const bytes = Buffer.byteLength(lines);
    const textAt = start + TEXT_AT;
    const end = textAt + inWholeWords(bytes);
    this.#makeRoom(end);
    const room = this.#room;
    const { head, words, part, word } = this.#streams.draw(logKey, bytes);
    room.writeUInt32LE(bytes, start + LENGTH_AT);
    room.writeUInt32LE(part, start + PART_AT);
    room.set(head, start + NONCE_AT);
    room.fill(0, start + ID_AT + ID_BYTES, textAt);
    room.write(lines, textAt);
    const from = textAt / WORD_BYTES;
    const count = (end - textAt) / WORD_BYTES;
    const own = this.#words;
    for (let index = 0; index < count; index++)
      own[from + index] = (own[from + index] ?? 0) ^ (words[word + index] ?? 0);
    room.fill(0, textAt + bytes, end);
    return end;
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.#room.length) return;
    const room = Buffer.from(new ArrayBuffer(2 * bytes + (WORD_BYTES - ((2 * bytes) % WORD_BYTES))));
    room.set(this.#room);
    this.#room = room;
    this.#words = new Uint32Array(room.buffer);
  }
}

/** The group's lines as they were; those whose key is gone are gone. */
export function openGroup(sealed: Buffer, keyOf: (id: string) => LogKey | undefined): string {
  let lines = '';
  for (let at = 0; at < sealed.length;) {
    const bytes = sealed.readUInt32LE(at + LENGTH_AT);
    const key = keyOf(sealed.toString('base64url', at + ID_AT, at + ID_AT + ID_BYTES));
    if (key) {
      const nonce = sealed.subarray(at + NONCE_AT, at + NONCE_AT + NONCE_BYTES);
      const iv = ivOf(nonce, sealed.readUInt32LE(at + PART_AT));
      const text = sealed.subarray(at + TEXT_AT, at + TEXT_AT + bytes);
      lines += createDecipheriv(CIPHER, key.secret, iv).update(text).toString('utf8');
    }
    at += TEXT_AT + inWholeWords(bytes);
  }
  return lines;
}

/** By which a block of this key is found in a group. */
export function markOf({ id }: LogKey): Buffer {
  return Buffer.from(id, 'base64url');
}

function inWholeWords(bytes: number): number {
  return Math.ceil(bytes / WORD_BYTES) * WORD_BYTES;
}
