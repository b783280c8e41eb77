import { z } from 'zod';
import { Duration } from './duration.ts';
import { Origins } from './site.ts';

/** `publishable`: in the shop's pages. `secret`: its servers ask the hub with it. `identity`: its servers sign with it who a shopper is. */
export const KEY_KINDS = ['publishable', 'secret', 'identity'] as const;
export const KeyKind = z.enum(KEY_KINDS);
export type KeyKind = z.infer<typeof KeyKind>;

/** Names a key of a site without giving it away. */
export const KeyId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'Not the id of a key.');

/** `POST …/keys`: a new key; the others of its kind go on for `overlap`. */
export const Rotation = z.strictObject({
  kind: KeyKind,
  overlap: z.union([Duration, z.literal('0')]).default('24h'),
});

/** `PUT /v1/sites/:site/origins`: all of them. */
export const OriginsBody = z.strictObject({ origins: Origins });

export const KEY_BODIES = { Rotation, OriginsBody } as const;
