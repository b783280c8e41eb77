import { z } from 'zod';
import { isEventName } from './event-names.ts';
import { isTrigger } from './trigger.ts';

/** GA4's rule for the names of events and their parameters. */
const GA4_NAME = /^[A-Za-z]\w{0,39}$/;
const WRITE_A_NAME = 'Use 1 to 40 letters, digits or "_", beginning with a letter.';

export const MAX_PARAMS = 25;
export const MAX_CUSTOM_EVENTS = 100;

/** A name of the shop's own, such as `quiz_finished`. Which ones there are, the site declares. */
export const CustomEventName = namedSo(() => WRITE_A_NAME);
export type CustomEventName = z.infer<typeof CustomEventName>;

/** The same, refused in other words. */
export function namedSo(error: (input: unknown) => string) {
  return z
    .string({ error: ({ input }) => error(input) })
    .regex(GA4_NAME, { error: ({ input }) => error(input) })
    .brand<'CustomEventName'>();
}

const WRITE_A_SCALAR = 'Give a number, a text of at most 200 characters, true or false.';

/** One thing that is said about an event or a shopper. */
export const Scalar = z.union([z.number(), z.string().max(200, WRITE_A_SCALAR), z.boolean()], {
  error: WRITE_A_SCALAR,
});
export type Scalar = z.infer<typeof Scalar>;

export const SCALAR_TYPES = ['number', 'string', 'boolean'] as const;
export type ScalarType = (typeof SCALAR_TYPES)[number];

const ParamName = z.string().regex(GA4_NAME, WRITE_A_NAME);

/** What may be said of something, by name, and of what type it is. Anything else is not kept. */
export const Declared = z
  .record(ParamName, z.enum(SCALAR_TYPES))
  .refine((declared) => Object.keys(declared).length <= MAX_PARAMS, `At most ${MAX_PARAMS}.`);
export type Declared = z.infer<typeof Declared>;

/** An event of the shop's own, as its site file declares it. */
export const CustomEventDefinition = z.strictObject({
  name: CustomEventName.refine(
    (name) => !isEventName(name) && !isTrigger(name),
    'This name has a meaning already.',
  ),
  params: Declared.default({}),
});
export type CustomEventDefinition = z.infer<typeof CustomEventDefinition>;
