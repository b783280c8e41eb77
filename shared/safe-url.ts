import { z } from 'zod';

const LONGEST_URL = 2_000;

/**
 * What all browsers read in the same way, and as one of: an address of the page's own host (`/…`, `./…`, `?…`, `#…`), one
 * of an https host, or of http on a developer's machine. So nothing in it may be dropped unseen (spaces, control and
 * format characters), taken for a slash (`\`) or end an attribute; a host has no name and password before it, and nothing
 * of it is left to a slot of a template.
 */
const SAFE =
  /^(?:\.?\/(?!\/)|[?#]|(?:https:\/\/(?:[\p{L}\p{M}\p{Nd}_.-]+|\[[\da-f:.]+\])|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(?=[/?#]|$))[^\s"'<>\\\p{Cc}\p{Cf}\p{Cs}]*$/u;

/** Where a link may lead, and where an image may come from: whatever an owner or a catalogue gives, and what becomes of it. */
export const SafeUrl = z.string().max(LONGEST_URL).regex(SAFE, {
  error: 'Use a path starting with "/", "./", "?" or "#", or an https:// address.',
});

/** The same, of a link that was filled in. */
export function isSafeUrl(url: string): boolean {
  return url.length <= LONGEST_URL && SAFE.test(url);
}
