import type { Request, Response } from 'express';
import { LONGEST_MS } from '../accounts/sessions.ts';

/** The prefix makes browsers refuse it from anywhere but this host, over TLS, for all of it. */
const NAME = '__Host-cartbell';
const COOKIE = /(?:^|;\s*)__Host-cartbell=([^;]*)/;
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

export function sessionTokenOf({ headers }: Request): string | null {
  return COOKIE.exec(headers.cookie ?? '')?.[1] ?? null;
}

export function setSessionCookie(response: Response, token: string): void {
  response.cookie(NAME, token, { ...ATTRIBUTES, maxAge: LONGEST_MS });
}

export function clearSessionCookie(response: Response): void {
  response.clearCookie(NAME, ATTRIBUTES);
}
