/** What Core's own page and other programs read and send of a fleet and its bills. */
import { z } from 'zod';

const timeOrNull = z.iso.datetime().nullable();

export const monthSchema = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'use a month such as 2026-11');

/** Core's own name for a VM. */
export const vmLabelSchema = z
  .string()
  .regex(/^[\p{L}\p{N} ._-]{0,60}$/u, 'use up to 60 letters, digits, spaces and . _ -');

export const customerNumberSchema = z
  .string()
  .regex(
    /^([\p{L}\p{N}][\p{L}\p{N} ._/-]{0,39})?$/u,
    'use up to 40 letters, digits, spaces and . _ / -, a letter or digit first',
  );

/** How a VM stands, what needs somebody first. */
export const vmStates = ['copied', 'silent', 'suspended', 'never', 'reporting', 'retired'] as const;
const vmStateSchema = z
  .enum(vmStates)
  .describe(
    'copied: two copies of it reported, or it was set back. silent: for two days; one that runs nothing reports three zeros a day. never: enrolled, and no report yet',
  );
export type VmState = z.output<typeof vmStateSchema>;

export const vmEntrySchema = z.object({
  vmId: z.guid(),
  label: z.string().describe("Core's own name for it; a VM sends none"),
  ownerId: z.guid().nullable(),
  owner: z.string().nullable().describe('Their login'),
  customerNumber: z.string().describe("The provider's own number of them; may be empty"),
  state: vmStateSchema,
  suspended: z.boolean(),
  createdAt: z.iso.datetime(),
  lastReportAt: timeOrNull,
  retiredAt: timeOrNull,
  copiedAt: timeOrNull.describe('When a report came under a number that another has'),
  clockOffAt: timeOrNull.describe(
    'When it last reported of a time to come, or of a day before its last report: its clock is off. Null again once a report is right',
  ),
  refusedAt: timeOrNull.describe('When a report of its own was refused, and none was taken since'),
  refusedBecause: z
    .string()
    .nullable()
    .describe('Why: the code of the error, and which of the fields of a report it named'),
  missingReports: z.int().describe('Its reports count up; so many of them are not here'),
});

/** The three numbers. */
const totals = { executions: z.int(), durationMs: z.int(), tokens: z.int() };
const totalsSchema = z.object(totals);
export type Totals = z.output<typeof totalsSchema>;

/** A VM and what is billed of it with one month. */
const fleetEntrySchema = vmEntrySchema.extend(totals);
export type FleetEntry = z.output<typeof fleetEntrySchema>;

export const fleetSorts = [
  'attention',
  'label',
  'owner',
  'lastReportAt',
  'createdAt',
  'missingReports',
  'executions',
  'durationMs',
  'tokens',
] as const;

export const fleetQuerySchema = z.strictObject({
  month: monthSchema.optional().describe('In UTC; this one when left out'),
  q: z.string().max(60).default('').describe('A part of a label, a login, a customer number or an id'),
  state: z
    .enum(['all', 'attention', ...vmStates])
    .default('all')
    .describe(
      'all: but the retired ones. attention: copied, silent and suspended ones, and those whose reports are refused or missing, or whose clock is off',
    ),
  sort: z.enum(fleetSorts).default('attention'),
  order: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export type FleetQuery = z.output<typeof fleetQuerySchema>;

export const fleetSchema = z.object({
  items: z.array(fleetEntrySchema),
  total: z.int().describe('How many there are in all, on every page'),
  counts: z.record(vmStateSchema, z.int()).describe('Of all that q finds, by how they stand'),
  attention: z.int().describe('How many of those need somebody'),
  totals: totalsSchema.describe('Of all that q finds, the retired ones too'),
});
export type Fleet = z.output<typeof fleetSchema>;

const billingEntrySchema = z.object({
  month: monthSchema.describe('The month it is billed with, in UTC'),
  vmId: z.guid(),
  ownerId: z.guid().nullable().describe('Whoever had the VM when it was reported; null for nobody'),
  kind: z
    .enum(['usage', 'late', 'correction', 'early'])
    .describe(
      'late: of a month that was closed when it was reported. correction: by a person. early: from before the VM was enrolled',
    ),
  ...totals,
});
export type BillingEntry = z.output<typeof billingEntrySchema>;

export const billingSchema = z.object({
  items: z.array(billingEntrySchema).describe('Their sum is the bill'),
  apart: z.array(billingEntrySchema).describe('From before a VM was enrolled; billed with no month'),
  closed: z.array(monthSchema).describe('Which of these months change no more'),
});
export type Billing = z.output<typeof billingSchema>;

export const closedMonthSchema = z.object({ month: monthSchema, closedAt: z.iso.datetime() });
export const closedMonthsSchema = z.object({
  items: z.array(closedMonthSchema),
  first: monthSchema.nullable().describe('That of the first enrolment; null where no VM was enrolled yet'),
});

/** A number that a person adds to a bill, or takes off it. */
const correctedBy = (most: number) => z.int().min(-most).max(most).default(0);

export const correctionSchema = z.strictObject({
  vmId: z.guid().lowercase(),
  day: z.iso
    .date()
    .refine((day) => day >= '2000', 'is too long ago')
    .describe('What it is about. It is billed with its month, and when that is closed with this one'),
  executions: correctedBy(100_000_000),
  durationMs: correctedBy(100_000_000_000),
  tokens: correctedBy(10_000_000_000),
  note: vmLabelSchema.default(''),
});
export type Correction = z.output<typeof correctionSchema>;

export const vmChangeSchema = z.strictObject({
  label: vmLabelSchema.optional(),
  suspended: z.boolean().optional().describe("The provider's"),
  ownerId: z
    .guid()
    .lowercase()
    .nullable()
    .optional()
    .describe(
      "The provider's: hands the VM over. What it reported until then stays billed to whoever had it",
    ),
  settled: z
    .literal(true)
    .optional()
    .describe("The provider's: the second copy is gone, or was the only one left"),
});
export type VmChange = z.output<typeof vmChangeSchema>;

/** How many VMs one request changes at most. */
const mostChanged = 1000;

/** What is done to many VMs at once. */
export const vmsChangeSchema = vmChangeSchema.omit({ label: true }).extend({
  vmIds: z.array(z.guid().lowercase()).min(1).max(mostChanged),
  retired: z
    .literal(true)
    .optional()
    .describe("The provider's: nothing is taken from them any more; what they were billed stays"),
});
export const vmsChangedSchema = z.object({
  changed: z.array(z.guid()),
  missing: z.array(z.guid()).describe("Those that are not there, are retired, or are another's"),
});

type VmsChanged = z.output<typeof vmsChangedSchema>;

/**
 * Changes any number of VMs, as many in one go as a request takes: where a part is refused, those before it are changed.
 *
 * @param change one request
 */
export async function changeInParts(
  vmIds: readonly string[],
  change: (vmIds: string[]) => Promise<VmsChanged>,
): Promise<VmsChanged> {
  const all: VmsChanged = { changed: [], missing: [] };
  for (let start = 0; start < vmIds.length; start += mostChanged) {
    const { changed, missing } = await change(vmIds.slice(start, start + mostChanged));
    all.changed.push(...changed);
    all.missing.push(...missing);
  }
  return all;
}

/** What one VM did, by day or by month. */
export const historyQuerySchema = z.strictObject({
  unit: z.enum(['day', 'month']).default('day'),
  last: z.coerce.number().int().min(1).max(1100).default(90).describe('How many, this one the last'),
});
export const historySchema = z.object({
  items: z
    .array(z.object({ start: z.iso.date().describe('Its first day, in UTC'), ...totals }))
    .describe('Every one, those without any too; what people corrected is not in it'),
});
export type VmHistory = z.output<typeof historySchema>;

export const enrolmentEntrySchema = z.object({
  id: z.guid(),
  label: z.string(),
  ownerId: z.guid().nullable(),
  replaces: z.guid().nullable().describe('The VM that the enrolment retires'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type EnrolmentEntry = z.output<typeof enrolmentEntrySchema>;
