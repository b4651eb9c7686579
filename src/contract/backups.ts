/** How backups stand, on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

export const backupStateSchema = z.object({
  schedule: z.string().nullable().describe('In plain words; null: none is scheduled'),
  nextAt: timeSchema.nullable(),
  to: z.string().nullable().describe('Where they go: a folder, or s3://…; null: backups/ of the home'),
  keep: z.object({
    count: z.int().describe('How many of those made by schedule are kept'),
    days: z.number().nullable().describe('And for how many days at most; null: however old'),
  }),
  last: z
    .object({
      at: timeSchema,
      file: z.string().nullable().describe('Its name; null once the audit log no longer says'),
      bytes: z.number().nullable(),
    })
    .nullable()
    .describe('The last that was made, by schedule or by hand'),
  dueSince: timeSchema.nullable().describe('When the first was due that was not made; null: none is missing'),
  isOverdue: z.boolean().describe('It is due for an hour or more: until then it may be under way'),
  failure: z
    .object({ at: timeSchema, message: z.string() })
    .nullable()
    .describe('Why the last try failed, unless one was made since'),
});
export type BackupState = z.infer<typeof backupStateSchema>;
