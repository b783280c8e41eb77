export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

interface Oddities {
  readonly isLast?: boolean;
  /** The three bits that mean nothing. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** A length that is not the payload's. */
  readonly claims?: number;
}

/** One frame as a page sends it. Its mask is nought, which leaves the payload as it is. */
export function frame(opcode: number, payload: Buffer, odd: Oddities = {}): Buffer {
  const { isLast = true, reserved = 0, isMasked = true, claims = payload.length } = odd;
  const head = claims < 126 ? 2 : claims < 65_536 ? 4 : 10;
  const bytes = Buffer.alloc(head + (isMasked ? 4 : 0) + payload.length);
  bytes[0] = (isLast ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = isMasked ? 0x80 : 0;
  bytes[1] = mask | (head === 2 ? claims : head === 4 ? 126 : 127);
  if (head === 4) bytes.writeUInt16BE(claims, 2);
  if (head === 10) bytes.writeBigUInt64BE(BigInt(claims), 2);
  payload.copy(bytes, bytes.length - payload.length);
  return bytes;
}

export function closing(code: number): Buffer {
  const reason = Buffer.alloc(2);
  reason.writeUInt16BE(code);
  return frame(CLOSE, code === 0 ? Buffer.alloc(0) : reason);
}

/** Takes apart what a hub sends: whole frames, without masks. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  *read(chunk: Buffer): Iterable<{ opcode: number; payload: Buffer }> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const [first, second] = this.#rest;
      if (first === undefined || second === undefined) return;
      const head = second < 126 ? 2 : second === 126 ? 4 : 10;
      if (this.#rest.length < head) return;
      const length =
        head === 2 ? second : head === 4 ? this.#rest.readUInt16BE(2) : Number(this.#rest.readBigUInt64BE(2));
      if (this.#rest.length < head + length) return;
      const payload = this.#rest.subarray(head, head + length);
      this.#rest = this.#rest.subarray(head + length);
      yield { opcode: first & 15, payload };
    }
  }
}
