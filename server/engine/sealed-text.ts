import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const USE = 'cartbell: texts at rest, 1';
const KEY_ID_LENGTH = 8;

/**
 * Keeps texts so that whoever reads the store's files, copies or memory alone can't read them. The key comes of the installation's
 * secret; which one it was stands before each text, so that texts of several keys can lie side by side.
 */
export class SealedTexts {
  readonly #key: Buffer;
  readonly #keyId: string;

  constructor(secret: Uint8Array) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), USE, KEY_BYTES));
    this.#keyId = createHash('sha256').update(this.#key).digest('hex').slice(0, KEY_ID_LENGTH);
  }

  /** `purpose`: what the text is and whose. It opens for no other, so that none can be put in another's place. */
  seal(text: string, purpose: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.#keyId}.${sealed.toString('base64url')}`;
  }

  /** Throws where it was sealed with another key, for another purpose, or was changed. */
  open(sealed: string, purpose: string): string {
    const [keyId = '', content = ''] = sealed.split('.');
    if (keyId !== this.#keyId) throw new Error(`A text was sealed with another key (${keyId}).`);
    const bytes = Buffer.from(content, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('A sealed text is too short.');
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  }
}
