/** What Core's own page and other programs read of a fleet. */
import { z } from 'zod';

const timeOrNull = z.iso.datetime().nullable();

/** A VM and its totals of one month. */
export const fleetEntrySchema = z.object({
  vmId: z.guid(),
  label: z.string().describe("Core's own name for it; a VM sends none"),
  ownerId: z.guid().nullable(),
  suspended: z.boolean(),
  createdAt: z.iso.datetime(),
  executions: z.int(),
  durationMs: z.int(),
  tokens: z.int(),
  lastReportAt: timeOrNull,
});
export type FleetEntry = z.output<typeof fleetEntrySchema>;

export type CoreUser = { id: string; login: string; createdAt: string; suspended: boolean };

/** Who is signed in at Core: `login` null for the operator. */
export type CoreSession = { login: string | null; isOperator: boolean; expiresAt: string | null };
