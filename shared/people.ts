import { z } from 'zod';

/** What somebody may do on a site, the least first: look; change rules and catalogue; keys, people and shoppers' data. */
export const ROLES = ['viewer', 'editor', 'owner'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Names an account. People write theirs in any case. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('Use an e-mail address.'))
  .brand<'Email'>();
export type Email = z.infer<typeof Email>;

export const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 128;
/** What somebody has typed: whether it is right is all that is said about it. */
const TypedPassword = z.string().max(LONGEST_PASSWORD);
const NewPassword = TypedPassword.min(
  SHORTEST_PASSWORD,
  `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`,
);

/** 256 random bits in base64url. */
export const TOKEN = /^[\w-]{43}$/;

/** `POST /v1/sign-in`. */
export const SignIn = z.strictObject({ email: Email, password: TypedPassword });

/** `POST /v1/password`. */
export const PasswordBody = z.strictObject({ old: TypedPassword, new: NewPassword });

/** `POST /v1/invitations/accept`. Who has an account already gives its password. */
export const Accept = z.strictObject({
  token: z.string().regex(TOKEN, 'Not an invitation.'),
  password: NewPassword,
});

/** `POST /v1/people`. */
export const Invite = z.strictObject({ email: Email, role: Role });

/** `PUT /v1/people/:email`. */
export const RoleBody = z.strictObject({ role: Role });

/** `PUT /v1/accounts/:email/disabled`. */
export const DisabledBody = z.strictObject({ disabled: z.boolean() });

export const PEOPLE_BODIES = { SignIn, PasswordBody, Accept, Invite, RoleBody, DisabledBody } as const;
