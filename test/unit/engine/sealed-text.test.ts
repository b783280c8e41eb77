import { describe, expect, it } from 'vitest';
import { SealedTexts } from '../../../server/engine/sealed-text.ts';

const secret = new Uint8Array(32).fill(7);
const texts = new SealedTexts(secret);

describe('a sealed text', () => {
  it('opens for its purpose, also by another process, and shows nothing of itself', () => {
    const sealed = texts.seal('jo@shop.example', 'address of jo');
    expect(new SealedTexts(secret).open(sealed, 'address of jo')).toBe('jo@shop.example');
    expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64url').toString('latin1')).not.toContain('jo@');
    expect(sealed).toMatch(/^[0-9a-f]{8}\.[\w-]+$/);
  });

  it('is another one each time', () => {
    expect(texts.seal('same', 'p')).not.toBe(texts.seal('same', 'p'));
  });

  it('opens for no other purpose, with no other key, and not when a bit is changed', () => {
    const sealed = texts.seal('jo', 'address of jo');
    expect(() => texts.open(sealed, 'address of ada')).toThrow();
    const others = new SealedTexts(new Uint8Array(32).fill(8));
    expect(() => others.open(sealed, 'address of jo')).toThrow('another key');
    expect(() => texts.open('nothing', 'address of jo')).toThrow('another key');
    expect(() => texts.open(`${sealed.split('.')[0]}.AAAA`, 'address of jo')).toThrow('too short');
    const [keyId, content = ''] = sealed.split('.');
    const bytes = Buffer.from(content, 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => texts.open(`${keyId}.${changed.toString('base64url')}`, 'address of jo')).toThrow();
    }
  });
});
