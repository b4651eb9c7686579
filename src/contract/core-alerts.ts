/** What Core tells a provider of VMs that somebody must see to. */
import { z } from 'zod';

const timeOrNull = z.iso.datetime().nullable();

/** What somebody must see to. */
const alertKindSchema = z
  .enum(['silent', 'refused', 'copied', 'never'])
  .describe(
    'silent: no report for two days. refused: Core refuses its reports. copied: two copies of it report, or it was set back. never: enrolled two days ago, and no report yet',
  );
export type AlertKind = z.output<typeof alertKindSchema>;

const alertChannelSchema = z.enum(['webhook', 'mail']);

export const alertsSchema = z.object({
  items: z
    .array(
      z.object({
        id: z.guid(),
        vmId: z.guid(),
        label: z.string(),
        owner: z.string().nullable(),
        customerNumber: z.string(),
        kind: alertKindSchema,
        beganAt: z.iso.datetime().describe('When Core noticed it'),
        lastReportAt: timeOrNull,
      }),
    )
    .describe('Those that are not over, the newest first, a thousand at most'),
  channels: z
    .array(
      z.object({
        channel: alertChannelSchema,
        to: z.string().describe('The origin of the address, or the addresses of the mail'),
        waiting: z.int().describe('Messages that were not taken yet; they are tried again'),
        givenUp: z.int().describe('Messages that were not taken in three days'),
        lastDeliveredAt: timeOrNull,
        lastError: z.string().nullable(),
      }),
    )
    .describe('The ways by which alerts are told; none: they stand on the page alone'),
});
export type Alerts = z.output<typeof alertsSchema>;

export const alertsTestedSchema = z.object({
  items: z.array(
    z.object({
      channel: alertChannelSchema,
      to: z.string(),
      ok: z.boolean(),
      error: z.string().nullable(),
    }),
  ),
});
export type AlertsTested = z.output<typeof alertsTestedSchema>;
