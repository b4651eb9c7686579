/** What the owner says of what came of a run, and what they look for again. */
import { z } from 'zod';

export const ratings = ['good', 'bad'] as const;

export const markSchema = z.object({
  pinned: z.boolean(),
  rating: z.enum(ratings).nullable(),
  comment: z.string().nullable(),
});
export type Mark = z.infer<typeof markSchema>;

export const noMark: Mark = { pinned: false, rating: null, comment: null };

/** What is left out stays as it is. */
export const changeMarkSchema = z
  .object({
    pinned: z.boolean().optional(),
    rating: z.enum(ratings).nullable().optional(),
    comment: z
      .string()
      .max(2000)
      .nullable()
      .optional()
      .describe('Redacted; null, or nothing but blanks: none'),
  })
  .strict();
export type MarkChange = z.infer<typeof changeMarkSchema>;
