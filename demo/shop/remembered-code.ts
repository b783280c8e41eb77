import { forget, recall, remember } from './storage.ts';

const STORAGE_KEY = 'shop_code';
const LONGEST_CODE = 64;

/** The code in the address, or else the one kept from the page before. */
export function rememberedCode(): string {
  const inAddress = tidy(new URLSearchParams(location.search).get('code') ?? '');
  if (inAddress === '') return tidy(recall('session', STORAGE_KEY) ?? '');
  rememberCode(inAddress);
  return inAddress;
}

export function rememberCode(code: string): void {
  remember('session', STORAGE_KEY, code);
}

export function forgetCode(): void {
  forget('session', STORAGE_KEY);
  const url = new URL(location.href);
  if (!url.searchParams.has('code')) return;
  // Otherwise a reload would bring back a code which the shopper has removed.
  url.searchParams.delete('code');
  history.replaceState(history.state, '', url);
}

export function tidy(code: string): string {
  return code.trim().slice(0, LONGEST_CODE);
}
