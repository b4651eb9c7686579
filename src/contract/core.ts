/**
 * What passes between a VM and Alfred Core, on both sides from here. The founding document says ONLY three numbers: so a
 * report is three integers in an envelope (an id and two times) that makes them idempotent, and nothing else has a place.
 */
import { z } from 'zod';

/** What the three numbers of one report may say at most. */
export const mostInReport = { executions: 100_000_000, durationMs: 100_000_000_000, tokens: 10_000_000_000 };

/**
 * Three of these are what Core learns. Bounded by what a VM can do in a day and a hundred times that, so that none makes a total
 * of all wrong.
 */
const countSchema = (most: number) => z.int().min(0).max(most);

const isTime = (text: string): boolean =>
  !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text.slice(0, 19));

/** UTC, to the millisecond at most: `2026-11-23T07:00:00.000Z`. */
const reportTimeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/, 'use a time in UTC')
  // The thirtieth of February is read as a day of March.
  .refine((text) => isTime(text) && text >= '1970', 'use a time in UTC, of a day that there is');

/** A report. Strict: a seventh field is refused by Core, and cannot be built by the VM. */
export const metricReportSchema = z
  .strictObject({
    reportId: z.guid().lowercase(),
    periodStart: reportTimeSchema,
    periodEnd: reportTimeSchema,
    executions: countSchema(mostInReport.executions),
    durationMs: countSchema(mostInReport.durationMs),
    tokens: countSchema(mostInReport.tokens),
  })
  .refine(({ periodStart, periodEnd }) => Date.parse(periodStart) <= Date.parse(periodEnd), {
    path: ['periodEnd'],
    message: 'is before periodStart',
  });
export type MetricReport = z.output<typeof metricReportSchema>;

/** The highest number a report has: far beyond any that is reached, and below what UUIDs made from the time begin with. */
const mostReports = 2 ** 32;

/**
 * The id of a VM's `counter`-th report: a UUIDv8 (RFC 9562, section 5.8) of that number and the beginning of a hash over all
 * that the report counts. The same report has the same id, whoever makes it; another one of the same number has another, which
 * tells two copies of a VM apart.
 *
 * @param digest SHA-256 in hexadecimal
 */
export function reportIdOf(counter: number, digest: string): string {
  const number = counter.toString(16).padStart(12, '0');
  const variant = ((Number.parseInt(digest.slice(3, 4), 16) & 3) | 8).toString(16);
  return `${number.slice(0, 8)}-${number.slice(8)}-8${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

/** Which of its VM's reports it is; null for one of a VM that did not count them yet. */
export function counterOf(reportId: string): number | null {
  const counter = Number.parseInt(reportId.slice(0, 8) + reportId.slice(9, 13), 16);
  return reportId[14] === '8' && counter >= 1 && counter <= mostReports ? counter : null;
}

/** No report is longer, in bytes; Core reads no more. */
export const longestReport = 300;

/** The bytes of a report: the fields in this order, no white space. @throws ZodError for anything that is no report */
export function encodeReport(report: MetricReport): string {
  const { reportId, periodStart, periodEnd, executions, durationMs, tokens } =
    metricReportSchema.parse(report);
  return JSON.stringify({ reportId, periodStart, periodEnd, executions, durationMs, tokens });
}

/** bcrypt as Core takes it: a cost that it can bear, for 256 random bits. */
const authSecretHashSchema = z
  .string()
  .regex(/^\$2[aby]\$(0[8-9]|1[0-2])\$[./A-Za-z0-9]{53}$/, 'use a bcrypt hash of cost 8 to 12');

const enrolmentTokenSchema = z.string().regex(/^enrol_[A-Za-z0-9_-]{43}$/, 'use an enrolment token');

export const enrolVmSchema = z.strictObject({
  enrollmentToken: enrolmentTokenSchema,
  authSecretHash: authSecretHashSchema,
});

/** Core's answer to an enrolment: all that a VM keeps of it. */
export const enrolledVmSchema = z.object({
  vmId: z.guid(),
  issuer: z.url(),
  publicKeyPem: z.string().startsWith('-----BEGIN PUBLIC KEY-----').max(2000),
});

/** Core's answer to a VM's own secret: a bearer that is good for reports alone. */
export const vmBearerSchema = z.object({ token: z.string().max(4096), expiresAt: z.iso.datetime() });

/** How far the reports of a VM go that Core has; null before the first. */
export const lastReportSchema = z.object({
  reportId: z.guid().nullable(),
  periodEnd: z.iso.datetime().nullable(),
  counter: z
    .int()
    .min(0)
    .max(mostReports)
    .nullable()
    .default(null)
    .describe('The number of the last one; null of VMs that do not count'),
  missing: z.int().min(0).default(0).describe('How many below that number are not here'),
  firstMissing: z.int().min(1).nullable().default(null),
});
export type LastReport = z.output<typeof lastReportSchema>;

/** How far the audit chain of a VM had come, and its hash there; told when the owner has switched it on, apart from reports. */
export const anchorSchema = z.strictObject({
  epoch: z.int().min(0).max(2_147_483_647),
  seq: z.int().min(1),
  head: z.string().regex(/^[0-9a-f]{64}$/, 'use a SHA-256 in hexadecimal'),
});
export type Anchor = z.output<typeof anchorSchema>;
export const anchorsSchema = z.object({ items: z.array(anchorSchema) });

/** Where Core publishes how its keys followed one another: each statement is signed by the key before. */
export const successionPath = '/.well-known/alfred-key-succession.json';
export const successionSchema = z.object({ statements: z.array(z.string().max(4096)).max(100) });
export const successionType = 'alfred-succession+jwt';
export const vmTokenType = 'alfred-vm+jwt';

/** What a user of Core may be let do in their VM; which of these count is the owner's setting. */
export const coreScopes = ['status', 'start', 'content'] as const;
export const coreScopeSchema = z.enum(coreScopes);
export type CoreScope = z.output<typeof coreScopeSchema>;

/** What the owner has not changed: never content. */
export const defaultCoreScopes: readonly CoreScope[] = ['status', 'start'];

/** A token for a VM lasts this long, in seconds. */
export const vmTokenLifetime = 300;

const timeOrNull = z.iso.datetime().nullable();

/** `GET /api/v1/core`: the link as the owner sees it. */
export const coreLinkSchema = z.object({
  linked: z.boolean(),
  url: z.string().nullable(),
  issuer: z.string().nullable(),
  vmId: z.string().nullable().describe('The id that Core gave; nothing of this VM is in it'),
  linkedAt: timeOrNull,
  keyFingerprint: z.string().nullable().describe('Of the pinned public key: RFC 7638 thumbprint'),
  tokenScopes: z.array(coreScopeSchema).describe("What Core's tokens may do here"),
  reportMinutes: z.int(),
  anchors: z.boolean().describe('Whether the head of the audit chain goes to Core too'),
  reported: z.object({ executions: z.int(), durationMs: z.int(), tokens: z.int() }).describe('Acknowledged'),
  waiting: z.object({ executions: z.int(), reports: z.int() }).describe('Not yet acknowledged'),
  lastAcknowledgedAt: timeOrNull,
  lastError: z.string().nullable(),
  copiedAt: timeOrNull.describe(
    'Since when Core has another report of the same number: another copy of this VM reports, or its database was set back. Nothing is reported until it is reconciled',
  ),
});
export type CoreLink = z.output<typeof coreLinkSchema>;

export const linkInputSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'use an https:// address' }).max(300),
  enrollmentToken: enrolmentTokenSchema,
});

/** One report as it was or will be sent. */
export const keptReportSchema = z.object({
  body: z.string().describe('Exactly the bytes that are sent'),
  createdAt: z.iso.datetime(),
  acknowledgedAt: timeOrNull,
  abandonedAt: timeOrNull.describe('The link ended before Core had acknowledged it: it is not sent any more'),
  attempts: z.int(),
  lastError: z.string().nullable(),
});
export type KeptReport = z.output<typeof keptReportSchema>;

/** The request that goes to Core next: its line, its headers, its body. */
export const corePreviewSchema = z.object({
  linked: z.boolean(),
  isKept: z
    .boolean()
    .describe('True: these bytes are kept and go out next. False: an example, as nothing is linked'),
  method: z.literal('POST'),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable().describe('null when there is nothing to report'),
});
export type CorePreview = z.output<typeof corePreviewSchema>;

/** Core's answer to a report. */
export const takenReportSchema = z.object({
  reportId: z.guid(),
  receivedAt: z.iso.datetime().optional().describe("By Core's clock"),
});

export const reconciledSchema = z.object({
  countedAsReported: z
    .int()
    .describe('Executions that ended before the end of the last report that Core has'),
  toReport: z.int().describe('Executions that ended since, and are told next'),
});

export const coreReportSchema = z.object({
  sent: z.int().describe('Reports that Core acknowledged now'),
  waiting: z.int().describe('Reports that it did not'),
  lastError: z.string().nullable(),
});
export type CoreReport = z.output<typeof coreReportSchema>;

/** `GET /api/v1/status`: that the VM is there and how busy it is; no name, no content. */
export const vmStatusSchema = z.object({
  version: z.string(),
  queued: z.int(),
  running: z.int(),
  waitingApproval: z.int(),
});

/** `GET /api/v1/executions/:id/status`: how a run stands, without what it is about. */
export const executionStateSchema = z.object({
  id: z.guid(),
  status: z.string(),
  errorCode: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: timeOrNull,
  completedAt: timeOrNull,
  durationMs: z.int().nullable(),
  tokenCount: z.int(),
});
