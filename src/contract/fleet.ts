/** What Core's own page and other programs read and send of a fleet and its people. */
import { z } from 'zod';

const timeOrNull = z.iso.datetime().nullable();

export const monthSchema = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'use a month such as 2026-11');

/** Core's own name for a VM. */
export const vmLabelSchema = z
  .string()
  .regex(/^[\p{L}\p{N} ._-]{0,60}$/u, 'use up to 60 letters, digits, spaces and . _ -');

export const vmEntrySchema = z.object({
  vmId: z.guid(),
  label: z.string().describe("Core's own name for it; a VM sends none"),
  ownerId: z.guid().nullable(),
  suspended: z.boolean(),
  createdAt: z.iso.datetime(),
  lastReportAt: timeOrNull,
});
export type VmEntry = z.output<typeof vmEntrySchema>;

/** The three numbers. */
const totals = { executions: z.int(), durationMs: z.int(), tokens: z.int() };

/** A VM and its totals of one month. */
export const fleetEntrySchema = vmEntrySchema.extend(totals);
export type FleetEntry = z.output<typeof fleetEntrySchema>;

export const billingEntrySchema = z.object({
  month: monthSchema,
  vmId: z.guid(),
  ownerId: z.guid().nullable(),
  ...totals,
});
export type BillingEntry = z.output<typeof billingEntrySchema>;

export const newCoreUserSchema = z.strictObject({
  login: z.string().regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, 'use lower-case letters, digits and . _ @ + -'),
  password: z.string().min(12, 'use at least 12 characters').max(200),
});

export const coreUserSchema = z.object({
  id: z.guid(),
  login: z.string(),
  createdAt: z.iso.datetime(),
  suspended: z.boolean(),
});
export type CoreUser = z.output<typeof coreUserSchema>;

export const coreSignInSchema = z.strictObject({ login: z.string().max(64), password: z.string().max(200) });
export const coreOperatorSignInSchema = z.strictObject({ operatorToken: z.string().max(100) });

export const expiringTokenSchema = z.object({ token: z.string(), expiresAt: z.iso.datetime() });

/** Who is signed in at Core. */
export const coreSessionSchema = z.object({
  login: z.string().nullable().describe('null for the operator'),
  isOperator: z.boolean(),
  expiresAt: timeOrNull,
});
export type CoreSession = z.output<typeof coreSessionSchema>;
