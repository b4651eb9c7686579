/** What Core's own page and other programs read and send of people: users, tokens, sessions, and who did what. */
import { z } from 'zod';
import { customerNumberSchema, vmLabelSchema } from './fleet.ts';

const timeOrNull = z.iso.datetime().nullable();

/** What a token of the provider's may do: everything; bills; VMs and their standing; `/metrics` and nothing else. */
export const coreRoles = ['operator', 'billing', 'support', 'metrics'] as const;
const coreRoleSchema = z.enum(coreRoles);
export type CoreRole = z.output<typeof coreRoleSchema>;

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
  actor: z.string().describe('`file`, `token:<id>`, `user:<id>` or `vm:<id>`'),
  action: z.string(),
  subject: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  chain: z.string(),
});
export type CoreAct = z.output<typeof coreActSchema>;
export const coreActsSchema = z.object({ items: z.array(coreActSchema) });

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

export const newCoreUserSchema = z.strictObject({
  login: z.string().regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, 'use lower-case letters, digits and . _ @ + -'),
  password: z.string().min(12, 'use at least 12 characters').max(200),
  customerNumber: customerNumberSchema.default(''),
});

export const coreUserChangeSchema = z.strictObject({
  suspended: z.boolean().optional(),
  customerNumber: customerNumberSchema.optional(),
});

export const coreUserSchema = z.object({
  id: z.guid(),
  login: z.string(),
  customerNumber: z.string(),
  createdAt: z.iso.datetime(),
  suspended: z.boolean(),
  vms: z.int().describe('How many are theirs'),
});
export type CoreUser = z.output<typeof coreUserSchema>;

export const coreSignInSchema = z.strictObject({ login: z.string().max(64), password: z.string().max(200) });
export const coreOperatorSignInSchema = z.strictObject({ operatorToken: z.string().max(100) });

export const expiringTokenSchema = z.object({ token: z.string(), expiresAt: z.iso.datetime() });

/** Who is signed in at Core. */
export const coreSessionSchema = z.object({
  login: z.string().nullable().describe('null for the provider'),
  role: coreRoleSchema.nullable().describe('Of the provider; null for a user'),
  isOperator: z.boolean(),
  expiresAt: timeOrNull,
});
export type CoreSession = z.output<typeof coreSessionSchema>;
