import { ADDRESSES } from './addresses.ts';
import { BREAKOUTS, POLYGLOTS } from './breakouts.ts';
import { CLOBBERING } from './clobbering.ts';
import { EVENT_HANDLERS } from './event-handlers.ts';
import { INVISIBLE } from './invisible.ts';
import { LIT_MARKERS } from './lit-markers.ts';
import { MUTATIONS } from './mutations.ts';
import { LONG, NAMES, TOO_LONG } from './names.ts';
import { SCRIPT_ELEMENTS } from './script-elements.ts';
import { STYLES } from './styles.ts';
import { TEMPLATES } from './templates.ts';
import { VECTORS } from './vectors.ts';

/** Texts that somebody means harm with, by kind. Those that run call `__pwned`, open a dialog or ask for something of `beacon.invalid`. */
export const KINDS = {
  SCRIPT_ELEMENTS,
  EVENT_HANDLERS,
  VECTORS,
  ADDRESSES,
  STYLES,
  TEMPLATES,
  MUTATIONS,
  BREAKOUTS,
  POLYGLOTS,
  CLOBBERING,
  INVISIBLE,
  LIT_MARKERS,
  NAMES,
  LONG,
  TOO_LONG,
} as const;

export const PAYLOADS: readonly string[] = Object.values(KINDS).flat();
