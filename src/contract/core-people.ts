/** What Core's own page and other programs read and send of people: users, tokens, sessions, and who did what. */
import { z } from 'zod';
import { customerNumberSchema, vmLabelSchema } from './fleet.ts';
import { passkeyInputSchema, type passkeySchema } from './passkeys.ts';

const timeOrNull = z.iso.datetime().nullable();

/** What a token of the provider's may do: everything; bills; VMs and their standing; `/metrics` and nothing else. */
export const coreRoles = ['operator', 'billing', 'support', 'metrics'] as const;
const coreRoleSchema = z.enum(coreRoles);
export type CoreRole = z.output<typeof coreRoleSchema>;

/** Roles that people have; the one of programs that only watch is none of them. */
const staffRoleSchema = coreRoleSchema.exclude(['metrics']);

export const newCoreTokenSchema = z.strictObject({
  name: vmLabelSchema.min(1, 'give it a name'),
  role: coreRoleSchema,
  days: z.int().min(1).max(3660).default(90).describe('How long it is good for'),
});
export type NewCoreToken = z.output<typeof newCoreTokenSchema>;

export const coreTokenSchema = z.object({
  id: z.guid(),
  name: z.string(),
  role: coreRoleSchema,
  isFile: z.boolean().describe('Of $CORE_HOME/admin-token'),
  createdAt: z.iso.datetime(),
  expiresAt: timeOrNull,
});
export type CoreToken = z.output<typeof coreTokenSchema>;

const coreActSchema = z.object({
  seq: z.int().min(1).describe('Its place in the chain, without gaps'),
  at: z.iso.datetime(),
  actor: z.string().describe('`file`, `token:<id>`, `user:<id>`, `vm:<id>`, or `core` by itself'),
  action: z.string(),
  subject: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  chain: z.string(),
});
export type CoreAct = z.output<typeof coreActSchema>;
export const coreActsSchema = z.object({
  items: z.array(coreActSchema),
  names: z.record(z.string(), z.string()).describe('What the ids in them are called now; not in the chain'),
});

export const coreActsVerifiedSchema = z.object({
  ok: z.boolean(),
  acts: z.int().describe('How many are as they were chained'),
  head: z.string().describe('The last of those. Keep it elsewhere: it tells whether the end was cut off'),
  firstBad: z.int().nullable(),
  headSeen: z
    .boolean()
    .nullable()
    .describe('Whether the head that was asked for is in the chain; null when none was'),
});
export type CoreActsVerified = z.output<typeof coreActsVerifiedSchema>;

const newPasswordSchema = z.string().min(12, 'use at least 12 characters').max(200);

export const newCoreUserSchema = z.strictObject({
  login: z.string().regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, 'use lower-case letters, digits and . _ @ + -'),
  password: newPasswordSchema.optional().describe('Left out: they set their own by a link (`sendLink`)'),
  role: staffRoleSchema.optional().describe('Of who works for the provider; a customer has none'),
  customerNumber: customerNumberSchema.default(''),
});

export const coreUserChangeSchema = z.strictObject({
  suspended: z.boolean().optional().describe('Signs them out, and ends the tokens that they made'),
  role: staffRoleSchema.nullable().optional().describe('Another one signs them out'),
  customerNumber: customerNumberSchema.optional(),
});

export type NewCoreUser = z.output<typeof newCoreUserSchema>;
export type CoreUserChange = z.output<typeof coreUserChangeSchema>;

export const coreUserSchema = z.object({
  id: z.guid(),
  login: z.string(),
  customerNumber: z.string(),
  createdAt: z.iso.datetime(),
  suspended: z.boolean(),
  vms: z.int().describe('How many are theirs'),
  role: staffRoleSchema.nullable().describe('Of who works for the provider'),
  invited: z.boolean().describe('They have neither a password nor a passkey yet'),
});
export type CoreUser = z.output<typeof coreUserSchema>;

export const coreSignInSchema = z.strictObject({ login: z.string().max(64), password: z.string().max(200) });
export const coreOperatorSignInSchema = z.strictObject({ operatorToken: z.string().max(100) });

/** A link by which somebody sets their password, once. */
export const coreLinkSentSchema = z.object({
  url: z.string().nullable().describe('Null where it went by mail'),
  expiresAt: z.iso.datetime(),
  mailed: z.boolean(),
});

export const coreLinkFollowedSchema = z.strictObject({
  code: z.string().max(100),
  password: newPasswordSchema,
});

export const corePasswordChangeSchema = z.strictObject({
  current: z.string().max(200).default('').describe('Empty where none is set'),
  password: newPasswordSchema,
});

export const coreForgottenSchema = z.strictObject({ login: z.string().max(64) });

export const coreSignInWaysSchema = z.object({
  passkey: z.boolean().describe('Whether browsers take passkeys at this address'),
  forgotten: z.boolean().describe('Whether a link for a new password can be mailed'),
});

export const corePasskeyInputSchema = passkeyInputSchema.extend({
  name: vmLabelSchema.min(1, 'give it a name'),
});
export type CorePasskey = z.output<typeof passkeySchema>;

export const expiringTokenSchema = z.object({ token: z.string(), expiresAt: z.iso.datetime() });

/** Who is signed in at Core. */
export const coreSessionSchema = z.object({
  login: z.string().nullable().describe('null for a token of the provider'),
  role: coreRoleSchema.nullable().describe('Of the provider; null for a user'),
  isOperator: z.boolean(),
  hasAccount: z.boolean().describe('Signed in by a login, and not by a token'),
  expiresAt: timeOrNull,
});
export type CoreSession = z.output<typeof coreSessionSchema>;
