/** `GET /api/v1/events`: one stream for who watches many things at once. */
import { z } from 'zod';
import { slugSchema } from './common.ts';
import { executionEventDataSchemas, executionEventKindSchema } from './events.ts';
import { executionStatuses } from './execution-status.ts';

const newsTopicSchema = z
  .string()
  .regex(
    /^(executions|approvals|skills|execution:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
    'use executions, approvals, skills or execution:<id>',
  );

export const newsQuerySchema = z.object({
  topics: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(newsTopicSchema).max(20, 'follow 20 topics at most'))
    .describe('One or more of `executions`, `approvals`, `skills`, `execution:<id>`, with commas between'),
});

const moreSchema = z.boolean().describe('Others may have changed as well: read the list again');

/** `data` of each event, by its name. */
export const newsSchemas = {
  /** Which executions came into being or changed their status since the last such event. */
  executions: z.object({
    changed: z.array(z.object({ id: z.guid(), skillSlug: z.string(), status: z.enum(executionStatuses) })),
    more: moreSchema,
  }),
  /** What waits for a person; sent first as it is. */
  approvals: z.object({ pending: z.array(z.object({ id: z.guid(), executionId: z.guid() })) }),
  /** Which skills were saved since the last such event, by a pause of their schedule too. */
  skills: z.object({ changed: z.array(slugSchema), more: moreSchema }),
  /** One event of an execution that is followed: all from the first on, or from behind `Last-Event-ID`. */
  execution: z.object({
    executionId: z.guid(),
    seq: z.int(),
    at: z.iso.datetime(),
    step: z.int().nullable(),
    kind: executionEventKindSchema,
    data: z.union(Object.values(executionEventDataSchemas)),
  }),
} as const;

export type NewsTopic = z.infer<typeof newsTopicSchema>;
export type News = {
  [Name in keyof typeof newsSchemas]: { name: Name; data: z.infer<(typeof newsSchemas)[Name]> };
}[keyof typeof newsSchemas];
